import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const MOST_OUTPUT = 64 * 1024 * 1024
const execute = promisify(execFile)

/**
 * Runs a program while other cases go on, and answers with what it printed.
 *
 * @throws {Error} with what it said, when it fails
 */
export async function run(program, args, options = {}) {
  return (await execute(program, args, { maxBuffer: MOST_OUTPUT, ...options })).stdout
}
