import type { Command } from 'commander'
import type { Reader } from '../../facade/reader.js'
import { stateOf } from '../../recovery/state-directory.js'
import { withoutOpening, type Surroundings } from './session.js'

/** What a command works with that needs nothing but the log. */
interface ReadingSession extends Surroundings {
  readonly reader: Reader
}

/** Runs a command that only reads the log. What it takes to act is not loaded. */
export function reading(command: Command, work: (session: ReadingSession) => Promise<void>): Promise<void> {
  return withoutOpening(command, async (surroundings) => {
    // What reads the log is loaded while git looks for the repository.
    const [state, { openReader }] = await Promise.all([
      stateOf(surroundings.directory),
      import('../../open-reader.js'),
    ])
    const reader = await openReader(state)
    try {
      await work({ ...surroundings, reader })
    } finally {
      await reader.close()
    }
  })
}
