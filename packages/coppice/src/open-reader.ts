import { Projection } from '@coppice/core'
import { checkpointInterval } from './checkpoint-interval.js'
import { Reader } from './facade/reader.js'
import { openStored } from './open-stored.js'
import { poolLimits } from './pool-limits.js'
import type { State } from './recovery/state-directory.js'

/**
 * Opens what the log says of a repository's tasks, as `openCoppice` does without `recover`, and with the same errors: what it
 * takes to act is not even loaded.
 */
export async function openReader(state: State): Promise<Reader> {
  // A setting that is wrong is told to whoever comes first.
  const { config } = state.repository
  checkpointInterval(undefined, config.checkpointInterval)
  poolLimits(
    { given: undefined, configured: config.poolSize },
    { given: undefined, configured: config.poolMaxBytes },
  )
  const { log, snapshots } = await openStored(state.directory, true)
  const projection = new Projection(log, snapshots, () => undefined)
  const reader = new Reader(log, projection)
  try {
    await projection.open()
    if (projection.position === 0) {
      const { isStillEmpty, requireLog } = await import('./recovery/require-log.js')
      await requireLog(state, () => isStillEmpty(projection))
    }
    return reader
  } catch (error) {
    await reader.close()
    throw error
  }
}
