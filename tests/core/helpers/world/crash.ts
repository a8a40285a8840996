import { isCoppiceError } from '@coppice/core'
import { survive, type Survived } from '@coppice/testkit'
import type { Session, World } from './world.js'

/** What somebody wants of the engine. Done again after a crash, it does what is left of it. */
export type Wish = (session: Session, world: World) => Promise<unknown>

/** How a wish is refused that was granted, or came to its end, before the crash already. */
const DONE = new Set(['task-exists', 'illegal-move', 'creation-failed', 'agent-running'])

/** Grants a wish, unless that was done before. */
export async function grant(wish: Wish, session: Session, world: World): Promise<void> {
  try {
    await wish(session, world)
  } catch (error) {
    if (!isCoppiceError(error) || !DONE.has(error.code)) throw error
  }
}

/**
 * Grants wishes one after the other in a process that dies at the first of these steps, in another that dies at
 * the second, and so on, and at last in one that lives. Each recovers first, and starts again with the wish that
 * the one before it died in.
 *
 * @returns the last session, and how the processes before it died
 */
export function liveThrough(
  world: World,
  wishes: readonly Wish[],
  deaths: readonly number[],
): Promise<Survived<Session>> {
  let granted = 0
  return survive(
    world,
    async (ports) => {
      const session = await world.openWith({ ...ports, snapshots: null })
      await session.engine.recover()
      for (; granted < wishes.length; granted++) {
        await grant(wishes[granted]!, session, world)
      }
      return session
    },
    deaths.map((step) => ({ step, kind: 'crash' })),
  )
}
