import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { processesInside } from '../../../packages/git-adapter/src/process/inside.js'
import { PARK } from '../../core/helpers/requests.js'
import { makeScratch } from '../../helpers/repository.js'
import { editedTask } from '../helpers/edited.js'
import { filesIn } from '../helpers/tree.js'

function sleepIn(directory: string): ChildProcess {
  const child = spawn('sleep', ['60'], { cwd: directory })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

// Other systems do not tell where a process is at work.
describe.runIf(process.platform === 'linux')('a worktree in which a process is at work', () => {
  test.each(['', 'deep'])(
    'stays, with the process named, and goes once that has ended: in %j',
    async (below) => {
      const { world, task } = await editedTask('mkdir deep')
      const before = filesIn(task.path)
      const child = sleepIn(join(task.path, below))
      await world.engine.command('fix', PARK)
      const message = expect.stringContaining(`sleep (${child.pid})`) as string
      expect(world.problems).toMatchObject([{ error: { reason: { code: 'worktree-in-use', message } } }])
      expect(world.engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'present' })
      expect(filesIn(task.path)).toEqual(before)
      child.kill()
      await once(child, 'exit')
      await world.engine.recover()
      expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
      expect(existsSync(task.path)).toBe(false)
    },
  )

  test('is told from one whose name begins like it', async () => {
    const { world } = await editedTask()
    const { path } = await world.engine.create({ id: 'fix-2' })
    sleepIn(path)
    expect(await world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(world.problems).toEqual([])
  })
})

/** Whether this user may mount something where nobody else sees it, as for a container. */
const canMount = spawnSync('sh', ['-c', 'unshare --mount true']).status === 0

/** A process in a container, into which something is mounted before it begins to sleep in a directory. */
async function sleepInContainer(mounted: string, at: string, directory: string): Promise<ChildProcess> {
  const script = `mount --bind '${mounted}' '${at}' && cd '${directory}' && echo in && exec sleep 60`
  const child = spawn('sh', ['-c', `exec unshare --mount sh -c "${script}"`])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

describe.runIf(canMount)('of a process in a container it counts where its directory really is:', () => {
  test.each([
    ['the worktree by another path', '', ''],
    ['a directory below it', '', 'deep'],
    ['a part of it alone', 'deep', ''],
  ])('%s', async (_, mounted, below) => {
    const { world, task } = await editedTask('mkdir deep')
    const at = join(world.user.scratch, 'a place')
    mkdirSync(at)
    const child = await sleepInContainer(join(task.path, mounted), at, join(at, below))
    await world.engine.command('fix', PARK)
    const message = expect.stringContaining(`(${child.pid})`) as string
    expect(world.problems).toMatchObject([{ error: { reason: { code: 'worktree-in-use', message } } }])
    expect(existsSync(task.path)).toBe(true)
  })

  test('one of its own that has the same path', async () => {
    const { world, task } = await editedTask()
    const own = join(world.user.scratch, 'own')
    mkdirSync(own)
    await sleepInContainer(own, task.path, task.path)
    expect(await world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(world.problems).toEqual([])
  })
})

test('processes that end while they are looked at are passed over', async () => {
  const directory = makeScratch()
  const restless = spawn('sh', ['-c', 'while :; do (:); (:) & (:) & wait; done'])
  onTestFinished(() => void restless.kill('SIGKILL'))
  for (let look = 0; look < LOOKS; look++) expect(await processesInside(directory)).toEqual([])
})

/** One in a hundred meets a process that has just lost its mounts. */
const LOOKS = 400
