import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PARK } from '../../core/helpers/requests.js'
import { makeRepository } from '../../helpers/repository.js'
import { openWorld } from '../helpers/world.js'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'

test.runIf(isRoot)(
  'a worktree in which something is mounted stays, forced or not, until that is unmounted',
  async () => {
    const user = makeRepository()
    user.commit('.gitignore', 'cache/\n')
    const world = await openWorld({ user })
    const { path } = await world.engine.create({ id: 'fix' })
    const [outside, inside] = [join(user.scratch, 'outside'), join(path, 'cache')]
    mkdirSync(outside)
    mkdirSync(inside)
    writeFileSync(join(outside, 'data'), 'precious\n')
    execFileSync('mount', ['--bind', outside, inside])
    let isMounted = true
    const unmount = (): void => {
      if (isMounted) execFileSync('umount', [inside])
      isMounted = false
    }
    onTestFinished(unmount)
    await world.engine.command('fix', PARK)
    expect(world.problems).toMatchObject([
      { error: { reason: { code: 'worktree-in-use', message: expect.stringContaining(inside) as string } } },
    ])
    await world.engine.settle('fix', true)
    expect(world.engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'present' })
    expect(readdirSync(outside)).toEqual(['data'])
    unmount()
    await world.engine.settle('fix', false)
    expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
    expect(readdirSync(outside)).toEqual(['data'])
  },
)
