import type { Command } from 'commander'
import type { Coppice } from '../../facade/coppice.js'
import { openCoppice } from '../../open.js'
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

/** What a command works with that needs the repository's tasks. */
export interface Session extends Surroundings {
  readonly coppice: Coppice
}

/** What a command does; it answers with an exit code, or with nothing when it is done. */
export type Work = (session: Session) => Promise<number | void>

/** Runs a command that only looks: nothing that is owed is done, and nothing is written. */
export function reading(command: Command, work: Work): Promise<void> {
  return run(command, work, false)
}

/** Runs a command that acts; what earlier processes left owed is done first. */
export function acting(command: Command, work: Work): Promise<void> {
  return run(command, work, true)
}

function run(command: Command, work: Work, recover: boolean): Promise<void> {
  return withoutOpening(command, async (surroundings) => {
    const { directory, output, signal } = surroundings
    // A command ends at once; what fills the pool after it is a process of its own.
    const onProblem = output.warn.bind(output)
    const coppice = await openCoppice({ repo: directory, recover, refillPool: false, onProblem, signal })
    coppice.on('problem', onProblem)
    try {
      return await work({ ...surroundings, coppice })
    } finally {
      await coppice.close()
    }
  })
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
