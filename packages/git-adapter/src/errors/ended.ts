/** How a command ended that did not succeed; null where it has no exit code. */
export function endOf(exitCode: number | null): string {
  return exitCode === null ? 'could not be run, or was ended by a signal' : `failed (exit ${exitCode})`
}
