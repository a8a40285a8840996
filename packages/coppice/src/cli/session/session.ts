import type { Command } from 'commander'
import type { Coppice } from '../../facade/coppice.js'
import { openCoppice } from '../../open.js'
import { fail } from '../failure/fail.js'
import { globalOptionsOf } from '../arguments/global-options.js'
import { Interrupts } from './interrupts.js'
import { Output } from '../output/output.js'

/** What a command works with. */
export interface Session {
  readonly coppice: Coppice
  readonly output: Output
  readonly interrupts: Interrupts
  readonly signal: AbortSignal
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

async function run(command: Command, work: Work, recover: boolean): Promise<void> {
  const { directory, ...outputOptions } = globalOptionsOf(command)
  const output = new Output(outputOptions)
  const interrupts = new Interrupts()
  const { signal } = interrupts
  try {
    const onProblem = output.warn.bind(output)
    const coppice = await openCoppice({ repo: directory, recover, onProblem, signal })
    coppice.on('problem', onProblem)
    try {
      process.exitCode = (await work({ coppice, output, interrupts, signal })) ?? 0
    } finally {
      await coppice.close()
    }
  } catch (error) {
    fail(output, error, signal)
  } finally {
    interrupts.stop()
  }
}
