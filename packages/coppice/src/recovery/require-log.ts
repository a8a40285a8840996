import { join } from 'node:path'
import type { Engine } from '@coppice/core'
import { hasRemnants } from '@coppice/git-adapter'
import { LogLostError } from '../errors.js'
import type { State } from './state-directory.js'

/**
 * Refuses to take a log that is gone for one that was never begun. What is made for a task is made after the task is in
 * the log, so that a log that is still empty when something of that kind was found has been lost.
 *
 * @param isEmpty looks at the log anew
 * @throws {LogLostError}
 */
export async function requireLog(
  { repository, directory }: State,
  isEmpty: () => Promise<boolean>,
): Promise<void> {
  if (!(await isEmpty()) || !(await hasRemnants(repository)) || !(await isEmpty())) return
  throw new LogLostError(join(directory, 'log'))
}

/** Whether a log has no fact by now, as far as somebody reads it who may not have seen the newest. */
export async function isStillEmpty(reading: Pick<Engine, 'position' | 'refresh'>): Promise<boolean> {
  if (reading.position === 0) await reading.refresh()
  return reading.position === 0
}
