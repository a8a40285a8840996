/** Numbers from 0 to below 1 that are the same for the same seed (a linear congruential generator, modulo 2^32). */
export function randomFrom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    next,
    /** A whole number below the limit. */
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)],
  }
}
