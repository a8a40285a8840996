/** A function that runs each piece of work that it is given when all that it was given before has ended. */
export function serially() {
  let last = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }
}
