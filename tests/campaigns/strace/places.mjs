/**
 * Every call of a survey as a place to hurt a process: the `nth` of its name on its thread, counted among the calls
 * that name the log's files if it does so, else among all.
 */
export function numbered({ threads }) {
  return threads.flatMap((calls, thread) =>
    calls.map(({ name, isOnFile }, index) => {
      const isCounted = (other) => other.name === name && (other.isOnFile || !isOnFile)
      const nth = calls.slice(0, index + 1).filter(isCounted).length
      return { thread, call: name, isOnFile, nth }
    }),
  )
}

/**
 * strace's arguments that do something at a place, for `Stage.run`. strace counts the calls of each thread and each
 * name apart; where it is given paths, it counts only the calls that name one of these.
 *
 * @param action what is done there, as `strace -e inject` takes it
 * @param lasting whether it is done at all later such calls too
 */
export function faultOf({ paths }, { thread, call, isOnFile, nth }, action, lasting = false) {
  const only = isOnFile ? paths.flatMap((path) => ['-P', path]) : []
  const inject = `inject=${call}:${action}:when=${nth}${lasting ? '+' : ''}`
  return (subject) => ['-p', String(subject.threads()[thread]), ...only, '-e', `trace=${call}`, '-e', inject]
}

/** How often a case is tried when the process does not come to the place. */
const ATTEMPTS = 3

export const NOT_REACHED = 'never came to the call'

/** Runs a case again if the process did not come to the place: a few calls depend on the time at which they are made. */
export async function attempted(runCase) {
  for (let attempt = 1; ; attempt++) {
    const result = await runCase()
    if (result.isReached || result.broken.length > 0) return result
    if (attempt === ATTEMPTS) return { ...result, kind: NOT_REACHED }
  }
}
