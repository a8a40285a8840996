import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { mergeRequest } from '../../core/helpers/requests.js'
import { setGlobally } from '../helpers/global-config.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

const LINES = 'seq 9 > file'

/** A task and its target that have changed a file in different lines, or both at its end. */
async function bothSides(
  attributes: string,
  { user = makeRepository(), atTheEnd = false, file = 'file' } = {},
): Promise<World> {
  user.write('.gitattributes', attributes)
  agentRuns(
    user,
    user.path,
    `${LINES}; mkdir -p '${join(file, '..')}'; cp file '${file}' || true; git add -A; git commit -qm base`,
  )
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  const change = (who: string, line: number): string =>
    atTheEnd ? `echo ${who} >> '${file}'` : `sed -i 's/^${line}$/${who}/' '${file}'`
  agentRuns(user, path, change('theirs', 1))
  agentRuns(user, user.path, `${change('ours', 9)}; git commit -qam ours`)
  return world
}

const conflictIn = (...files: readonly string[]) => ({
  status: 'active',
  setback: { kind: 'conflicted', files },
})

describe('the target’s attributes say how a file that both sides have changed is merged:', () => {
  test.each([
    ['file -merge\n', {}],
    ['file binary\n', {}],
    ['file merge=binary\n', {}],
    ['[attr]locked merge=binary\nfile locked\n', {}],
    ['dir/*.l?ck -merge\n', { file: 'dir/a.lock' }],
    ['*.lock -merge\n', { file: 'names with blanks/ and "quotes".lock' }],
  ])('%j, not line by line', async (attributes, options) => {
    const { engine, user } = await bothSides(attributes, options)
    const before = user.git('rev-parse', 'main')
    const task = await engine.command('fix', mergeRequest())
    expect(task).toMatchObject(conflictIn('file' in options ? options.file : 'file'))
    expect(user.git('rev-parse', 'main')).toBe(before)
  })

  test.each(['merge', 'squash', 'rebase'] as const)('both sides’ lines, by %s', async (strategy) => {
    const { engine, user } = await bothSides('file merge=union\n', { atTheEnd: true })
    expect(await engine.command('fix', mergeRequest({ strategy }))).toMatchObject({ status: 'merged' })
    expect(user.git('show', 'main:file').split('\n').slice(-2)).toEqual(['ours', 'theirs'])
  })

  test('by those that are in a directory of their own', async () => {
    const user = makeRepository()
    mkdirSync(join(user.path, 'dir'))
    writeFileSync(join(user.path, 'dir/.gitattributes'), 'a -merge\n')
    const { engine } = await bothSides('', { user, file: 'dir/a' })
    expect(await engine.command('fix', mergeRequest())).toMatchObject(conflictIn('dir/a'))
  })

  test('by the repository’s own, which go before', async () => {
    const user = makeRepository()
    mkdirSync(join(user.path, '.git/info'), { recursive: true })
    writeFileSync(join(user.path, '.git/info/attributes'), 'file merge=text\n')
    const { engine } = await bothSides('file -merge\n', { user })
    expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  })

  test('not those of the task', async () => {
    const { engine, user } = await bothSides('', { atTheEnd: true })
    agentRuns(user, engine.find('fix')!.path, 'echo "file merge=union" > .gitattributes')
    expect(await engine.command('fix', mergeRequest())).toMatchObject(conflictIn('file'))
  })
})

describe('a driver, which is a command, is not run and has no effect:', () => {
  test.each([true, false])('one of this repository: %s', async (isOwn) => {
    const user = makeRepository()
    const command = `touch '${user.scratch}/ran'`
    if (isOwn) user.git('config', 'merge.mine.driver', command)
    else setGlobally(user, 'merge.mine.driver', command)
    const { engine } = await bothSides('file merge=mine\n', { user })
    expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(user.git('show', 'main:file').split('\n')).toEqual('theirs 2 3 4 5 6 7 8 ours'.split(' '))
    expect(existsSync(join(user.scratch, 'ran'))).toBe(false)
  })
})
