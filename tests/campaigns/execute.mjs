import { spawnSync } from 'node:child_process'

/** Runs a program of the system, and answers with its exit code (null if it is missing) and what it printed. */
export function attempt(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', ...options })
  return { status, stdout: stdout ?? '', stderr: stderr ?? error.message }
}

/**
 * Runs a program of the system, and answers with what it printed.
 *
 * @throws {Error} with what it said, when it is missing or fails
 */
export function execute(program, args, options) {
  const { status, stdout, stderr } = attempt(program, args, options)
  if (status === 0) return stdout
  throw new Error(`${[program, ...args].join(' ')} failed: ${stderr.trim() || stdout.trim()}`)
}
