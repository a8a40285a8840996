/** A promise that every history has to keep, and that was broken. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}
