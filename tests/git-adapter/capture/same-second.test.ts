import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { PARK, RESUME } from '../../core/helpers/requests.js'
import { fakeGit } from '../helpers/fake-git.js'
import { rested } from '../helpers/kept-look.js'
import { agentRuns, filesIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** So that all that follows at once is of one second. */
async function beginningOfASecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_005 - (Date.now() % 1_000)))
}

/** Has git do something else the first times, one after the other, where it is asked for that. */
function meddle({ user }: World, asked: string, ...scripts: readonly string[]): () => void {
  const done = join(user.scratch, 'done')
  const steps = scripts.map((script, step) => `${step}) echo >> '${done}'; ${script} ;;`)
  const body = `case "$*" in ${asked}) case $(cat '${done}' 2> /dev/null | wc -l) in ${steps.join(' ')} esac ;; esac; exec git "$@"`
  vi.stubEnv('PATH', fakeGit(user.scratch, body))
  return () => {
    vi.stubEnv('PATH', user.env['PATH'])
    expect(readFileSync(done, 'utf8')).toHaveLength(scripts.length)
  }
}

test('what changes in the second in which it was read, while the index is written, is seen by the next look', async () => {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  await beginningOfASecond()
  agentRuns(world.user, path, 'echo one > u')
  const end = meddle(
    world,
    '*update-index*--stdin*',
    `git "$@" || exit; echo two > '${path}/u'; sleep 1.1; exit 0`,
  )
  const { tree } = (await world.engine.checkpoint('fix', undefined))!
  end()
  expect(world.user.git('cat-file', 'blob', `${tree}:u`)).toBe('two')
})

test('what changes in the second in which many files were staged, while git gets to know their times, is seen', async () => {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  await beginningOfASecond()
  agentRuns(world.user, path, 'for i in $(seq 300); do echo $i > new$i; done; echo one > u; git add .')
  await rested()
  // As if there had been more to read before the index was written.
  const late = 'sleep 1.1; touch "$GIT_INDEX_FILE"'
  const end = meddle(world, '*--refresh*', `git "$@"; echo two > '${path}/u'; ${late}; exit 0`)
  const { tree } = (await world.engine.checkpoint('fix', undefined))!
  end()
  expect(world.user.git('cat-file', 'blob', `${tree}:u`)).toBe('two')
})

describe('what changes in the second in which the agent’s git read it, before that has written its index, is seen', () => {
  test.each([
    ['the index as it was written then', ':'],
    ['another index that was written since', 'sleep 1.1; echo other > other; git add other'],
  ])('by %s', async (_, afterwards) => {
    const world = await openWorld()
    const { path } = await world.engine.create({ id: 'fix' })
    await beginningOfASecond()
    const staged = `{ echo u; sleep 0.2; echo two > u; sleep 1.1; } | git update-index --add --stdin`
    agentRuns(world.user, path, `echo one > u; ${staged}; ${afterwards}; sleep 1.1`)
    const { tree } = (await world.engine.checkpoint('fix', undefined))!
    expect(world.user.git('cat-file', 'blob', `${tree}:u`)).toBe('two')
  })

  test('nobody knows since when there is an agent', async () => {
    const world = await openWorld()
    const { path, gitDir } = await world.engine.create({ id: 'fix' })
    rmSync(join(gitDir!, 'coppice-ready'))
    await beginningOfASecond()
    const staged = `{ echo u; sleep 0.2; echo two > u; sleep 1.1; } | git update-index --add --stdin`
    agentRuns(world.user, path, `echo one > u; ${staged}; sleep 1.1`)
    const { tree } = (await world.engine.checkpoint('fix', undefined))!
    expect(world.user.git('cat-file', 'blob', `${tree}:u`)).toBe('two')
  })
})

test('a file of which the time was put back before and after it was staged comes back as it is', async () => {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  await beginningOfASecond()
  const back = 'touch -d 2020-01-01 u'
  agentRuns(world.user, path, `echo one > u; ${back}; git add u; echo two > u; ${back}`)
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(filesIn(path)).toMatchObject({ u: 'file - two\n' })
})

describe('where a file cannot be read while it changes', () => {
  const refused = `echo 'error: short read while indexing u' >&2; exit 128`

  test('another one that is back by then is in the checkpoint', async () => {
    const world = await openWorld()
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(world.user, path, 'echo work > work')
    const end = meddle(
      world,
      '*update-index*--stdin*',
      `git "$@"; mv '${path}/README.md' '${path}/../away'; echo half > '${path}/u'; exit 0`,
      `mv '${path}/../away' '${path}/README.md'; rm '${path}/u'; ${refused}`,
    )
    const { tree } = (await world.engine.checkpoint('fix', undefined))!
    end()
    expect(filesOf(world, tree)).toEqual([...filesOf(world, 'HEAD'), 'work'].toSorted())
  })

  test('one with a conflict is in the checkpoint, too', async () => {
    const world = await openWorld()
    const { path } = await world.engine.create({ id: 'fix' })
    const commit = (text: string): string => `echo ${text} > README.md; git commit -qam ${text}`
    agentRuns(
      world.user,
      path,
      `git switch -qc other; ${commit('theirs')}; git switch -q coppice/fix; ${commit('mine')}; git merge other || :`,
    )
    const end = meddle(world, '*update-index*--stdin*', refused)
    const { tree } = (await world.engine.checkpoint('fix', undefined))!
    end()
    expect(world.user.git('cat-file', 'blob', `${tree}:README.md`)).toMatch(/<<<<<<<[^]*mine[^]*theirs/)
  })

  test('another one that is deleted is not', async () => {
    const world = await openWorld()
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(world.user, path, 'rm README.md; echo half > u')
    const end = meddle(world, '*update-index*--stdin*', `rm '${path}/u'; ${refused}`)
    const { tree } = (await world.engine.checkpoint('fix', undefined))!
    end()
    expect(filesOf(world, tree)).toEqual(filesOf(world, 'HEAD').filter((name) => name !== 'README.md'))
  })
})

function filesOf({ user }: World, tree: string): string[] {
  return user.git('ls-tree', '--name-only', tree).split('\n').toSorted()
}
