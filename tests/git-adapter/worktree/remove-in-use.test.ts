import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PARK } from '../../core/helpers/requests.js'
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
