import type { Command } from 'commander'
import { fail } from '../failure/fail.js'
import { globalOptionsOf } from '../arguments/global-options.js'
import { Interrupts } from './interrupts.js'
import { Output } from '../output/output.js'

/** What every command works with. */
export interface Surroundings {
  /** Where the command works as if started there. */
  readonly directory: string
  readonly output: Output
  readonly interrupts: Interrupts
  readonly signal: AbortSignal
}

/** Runs a command that opens nothing by itself, as those do that work where nothing can be opened. */
export async function withoutOpening(
  command: Command,
  work: (surroundings: Surroundings) => Promise<number | void>,
): Promise<void> {
  const { directory, ...outputOptions } = globalOptionsOf(command)
  const output = new Output(outputOptions)
  const interrupts = new Interrupts()
  const { signal } = interrupts
  try {
    process.exitCode = (await work({ directory, output, interrupts, signal })) ?? 0
  } catch (error) {
    fail(output, error, signal)
  } finally {
    interrupts.stop()
  }
}
