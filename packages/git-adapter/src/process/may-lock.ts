/** Commands that lock nothing, and may go on for as long as a person reads their output, or for good. */
const READERS = new Set([
  'blame',
  'cat-file',
  'credential-cache--daemon',
  'for-each-ref',
  'fsmonitor--daemon',
  'grep',
  'log',
  'ls-files',
  'ls-tree',
  'rev-list',
  'shortlog',
  'show',
])

/** Options of git itself whose value is an argument of its own. */
const WITH_VALUE = new Set([
  '-C',
  '-c',
  '--attr-source',
  '--config-env',
  '--git-dir',
  '--namespace',
  '--work-tree',
])

/** Whether a git that was started with some arguments may lock anything in a repository. */
export function mayLock([, ...args]: readonly string[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? ''
    if (WITH_VALUE.has(argument)) at++
    else if (!argument.startsWith('-')) return !READERS.has(argument)
  }
  return true
}
