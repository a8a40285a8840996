/** Ticks that are wanted at most; more would stand on each other. */
const MAX_TICKS = 8

/**
 * A logarithmic axis that holds some values, and 1, between two places.
 *
 * @returns {{ at: (value: number) => number, ticks: number[] }} where a value lies, to a tenth; and powers of ten
 */
export function scaleOver(values, left, right) {
  const low = Math.floor(Math.log10(Math.min(1, ...values) * 0.999))
  const high = Math.ceil(Math.log10(Math.max(1, ...values) * 1.001))
  const step = Math.ceil((high - low + 1) / MAX_TICKS)
  const place = (value) => left + ((Math.log10(value) - low) / (high - low)) * (right - left)
  const ticks = []
  for (let power = low; power <= high; power += step) ticks.push(Number(`1e${power}`))
  return { at: (value) => Math.round(place(value) * 10) / 10, ticks }
}
