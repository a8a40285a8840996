import type { Command } from 'commander'
import type { Coppice } from '../../facade/coppice.js'
import { openCoppice } from '../../open.js'
import { withoutOpening, type Surroundings } from './session.js'

/** What a command works with that needs the repository's tasks. */
export interface Session extends Surroundings {
  readonly coppice: Coppice
}

/** What a command does; it answers with an exit code, or with nothing when it is done. */
type Work = (session: Session) => Promise<number | void>

/** Runs a command that acts; what earlier processes left owed is done first. */
export function acting(command: Command, work: Work): Promise<void> {
  return run(command, work, true)
}

/** Runs a command that looks at more than the log: nothing that is owed is done, and nothing is written. */
export function looking(command: Command, work: Work): Promise<void> {
  return run(command, work, false)
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
