import { Engine, isCoppiceError, type Request } from '@coppice/core'
import type { SimulatedWorld, Steps } from '@coppice/testkit'

/** What is asked of an engine, or done by somebody else, one after the other. */
export type Wish = (engine: Engine, world: SimulatedWorld) => Promise<unknown>

const ask =
  (request: Request): Wish =>
  (engine) =>
    engine.command('fix', request)

const agent =
  (work: (hands: ReturnType<SimulatedWorld['at']>) => unknown): Wish =>
  async (engine, world) =>
    work(world.at(engine.find('fix')!.path))

/** A life in which every effect is owed once at least. */
export const LIFE: readonly Wish[] = [
  (engine) => engine.create({ id: 'fix' }),
  agent((hands) => {
    hands.write('committed', 'x')
    hands.stage()
    hands.makeCommit('one')
    hands.amend('another')
    hands.write('staged', 'x')
    hands.stage('staged')
    hands.write('untracked', 'x')
  }),
  (engine) => engine.checkpoint('fix', undefined),
  ask({ type: 'task.park', data: { reason: null } }),
  ask({ type: 'task.resume', data: {} }),
  async (engine, world) => world.user.deleteDirectory(engine.find('fix')!.path),
  (engine) => engine.recover(),
  ask({ type: 'task.abandon', data: { reason: null } }),
  ask({ type: 'task.restore', data: {} }),
  agent((hands) => hands.write('late', 'x')),
  async (_, world) => world.user.commit('main', { meanwhile: 'x' }),
  ask({ type: 'task.merge', data: { strategy: 'merge', into: 'main', verify: ['check'], message: null } }),
]

/** How a wish is refused that was granted, or came to its end, before the crash already. */
const DONE = new Set(['task-exists', 'illegal-move', 'creation-failed'])

/**
 * Grants wishes in a new process until it comes to its end, or to the end of the wishes. Answers with how many were
 * granted for certain.
 *
 * @param isOver resolves when the process comes to its end
 */
export async function grantFrom(
  world: SimulatedWorld,
  begin: number,
  steps?: Steps,
  isOver: Promise<unknown> = new Promise(() => undefined),
): Promise<number> {
  let granted = begin
  const run = async (): Promise<void> => {
    const engine = await Engine.open(world.start(steps).ports)
    await engine.recover()
    for (const wish of LIFE.slice(begin)) {
      await wish(engine, world).catch((error: unknown) => {
        if (!isCoppiceError(error) || !DONE.has(error.code)) throw error
      })
      granted += 1
    }
  }
  await Promise.race([run(), isOver])
  return granted
}
