/** How long a case waits, in milliseconds, for a log to go on reading; below what test runners grant a test as a rule. */
export const STALL_LIMIT_MS = 4_000

/** How long a case may take in all, in milliseconds. */
export const CASE_LIMIT_MS = 10_000

/**
 * What a promise comes to, if it does in time: a log that loses facts keeps its readers waiting for ever.
 *
 * @param what what is waited for, in words
 * @throws {Error} with that when the time is over
 */
export async function inTime<T>(promise: Promise<T>, limitMs: number, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limitMs} ms for ${what()}`)), limitMs)
  })
  try {
    return await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
  }
}
