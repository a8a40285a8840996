import { exitCodeOf } from './exit-codes.js'
import { presentable } from './presentable.js'
import type { Output } from '../output/output.js'

/** Says what went wrong, and sets the exit code that stands for it. */
export function fail(output: Output, error: unknown, signal: AbortSignal): void {
  const told = presentable(error, signal)
  output.error(told)
  if (process.env['COPPICE_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = exitCodeOf(told)
}
