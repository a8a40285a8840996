import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isCoppiceError, replay, type EventLog, type TaskState } from '@coppice/core'
import { LowdbSnapshots, openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../core/helpers/requests.js'
import { World, type Session } from '../core/helpers/world/world.js'
import { damages, isDamageable } from './helpers/damage.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** A process that opens the files in a directory; the world around them is simulated. */
async function open(directory: string, world: World, readOnly = false): Promise<Session & { log: EventLog }> {
  const log = await openFileLog(directory)
  const refuse = (error: Error): never => {
    throw error
  }
  const snapshots = new LowdbSnapshots(directory, refuse, { readOnly })
  return { ...(await world.open({ ports: { log, snapshots } })), log }
}

/** Finished tasks, live ones, and some that were brought back. */
async function live({ engine }: Session, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    const id = `task-${engine.position}`
    await engine.create({ id })
    if (turn % 8 > 0) await engine.command(id, ABANDON)
    if (turn % 8 === 7) await engine.command(id, RESTORE)
    if (turn % 8 === 0) await engine.command(id, PARK)
  }
}

/** As many facts as make a snapshot worth saving. */
async function workOn({ engine }: Session): Promise<void> {
  for (let turn = 0; turn < 65; turn++) {
    await engine.command('busy', PARK)
    await engine.command('busy', RESUME)
  }
}

/** A directory with a log and a snapshot that was worth saving. */
async function lived(world: World): Promise<string> {
  const directory = temporaryDirectory()
  const session = await open(directory, world)
  await live(session, 24)
  await session.engine.create({ id: 'busy' })
  await workOn(session)
  await session.engine.close()
  return directory
}

/** The files of the state directory that are no part of the log. */
function cacheFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('log') && !name.endsWith('lock'))
    .map((name) => join(directory, name))
    .filter(isDamageable)
}

async function expectAsReplayed({ engine }: Session, log: EventLog): Promise<void> {
  const states: TaskState[] = [...(await replay(log.read())).values()]
  expect(engine.tasks()).toEqual(states)
  for (const task of states) expect(engine.find(task.id)).toEqual(task)
}

/** What a caller does who wants all tasks in any case. */
async function listed({ engine }: Session): Promise<readonly TaskState[]> {
  try {
    return engine.tasks()
  } catch (error) {
    if (!isCoppiceError(error, 'snapshot-lost')) throw error
    await engine.refresh()
    return engine.tasks()
  }
}

test('whatever becomes of the files beside the log, a repository opens with what a full replay gives', async () => {
  const world = new World()
  const directory = await lived(world)
  expect(cacheFiles(directory).length).toBeGreaterThan(10)

  const damaged = fc.array(fc.tuple(fc.nat(), damages), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(damaged, async (list) => {
      for (const [file, damage] of list) {
        const files = cacheFiles(directory)
        damage(files[file % files.length]!)
      }
      const looking = await open(directory, world, true)
      await expectAsReplayed(looking, looking.log)
      await looking.engine.close()
      const acting = await open(directory, world)
      await live(acting, 1)
      await expectAsReplayed(acting, acting.log)
      await acting.engine.close()
    }),
    { numRuns: 30 },
  )
})

test('a process goes on with what it opened, whatever others finish, restore and save meanwhile', async () => {
  const world = new World()
  const directory = await lived(world)
  const staying = await open(directory, world)
  const before = [...(await replay(staying.log.read())).values()]
  for (let round = 0; round < 3; round++) {
    const other = await open(directory, world)
    for (const { id } of other.engine.tasks(['abandoned']).slice(0, 6))
      await other.engine.command(id, RESTORE)
    await live(other, 8)
    await workOn(other)
    await other.engine.close()
  }
  expect(staying.engine.tasks()).toEqual(before)
  await staying.engine.refresh()
  await expectAsReplayed(staying, staying.log)
  await workOn(staying)
  await staying.engine.close()
  const next = await open(directory, world)
  await expectAsReplayed(next, next.log)
  await next.engine.close()
})

test('what is damaged while a process has it open is told at most, and made good by what the process does next', async () => {
  const world = new World()
  const directory = await lived(world)

  const damaged = fc.array(fc.tuple(fc.nat(), damages), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(damaged, fc.nat(), async (list, choice) => {
      const session = await open(directory, world)
      const { engine } = session
      const abandoned = engine.tasks(['abandoned'])
      for (const [file, damage] of list) {
        const files = cacheFiles(directory)
        damage(files[file % files.length]!)
      }
      const { id } = abandoned[choice % abandoned.length]!
      expect(await engine.command(id, RESTORE)).toMatchObject({ id, status: 'active' })
      await engine.command(id, ABANDON)
      const states = [...(await replay(session.log.read())).values()]
      expect(await listed(session)).toEqual(states)
      await session.engine.close()
    }),
    { numRuns: 30 },
  )
})
