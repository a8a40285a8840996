import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { setGlobally } from '../helpers/global-config.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

const ASSIGNED = '*.ipynb filter=redact\n*.txt text\n'

/** The places where attributes can be assigned. */
const PLACES: Readonly<Record<string, (user: TestRepository) => void>> = {
  'in .gitattributes': (user) => {
    user.write('.gitattributes', ASSIGNED)
    user.commit('other', 'x')
  },
  'in info/attributes': ({ path }) => {
    mkdirSync(join(path, '.git/info'), { recursive: true })
    appendFileSync(join(path, '.git/info/attributes'), ASSIGNED)
  },
  'in a file that core.attributesFile names': (user) => {
    writeFileSync(join(user.scratch, 'attributes'), ASSIGNED)
    user.git('config', 'core.attributesFile', join(user.scratch, 'attributes'))
  },
  'in a file that only git knows how to find': (user) => {
    writeFileSync(join(user.scratch, 'attributes'), ASSIGNED)
    user.git('config', 'core.attributesFile', `%(prefix)/..${user.scratch}/attributes`)
  },
  'in a file that an included configuration names': (user) => {
    writeFileSync(join(user.scratch, 'attributes'), ASSIGNED)
    user.git('config', '--file', join(user.path, '.git/extra'), 'core.attributesFile', '../attributes')
    user.git(
      'config',
      '--file',
      join(user.path, '.git/extra'),
      'core.attributesFile',
      `${user.scratch}/attributes`,
    )
    user.git('config', 'include.path', 'extra')
  },
}

/** What a notebook's output is stripped with: what was there is not to be had again. */
function redacting(assign: (user: TestRepository) => void, more: readonly string[] = []): TestRepository {
  const user = makeRepository()
  user.git('config', 'filter.redact.clean', 'sed s/SECRET/xxxxxx/')
  for (const way of more) user.git('config', `filter.redact.${way}`, 'cat')
  assign(user)
  return user
}

async function taskOf(user: TestRepository, script: string): Promise<{ world: World; path: string }> {
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(user, path, script)
  return { world, path }
}

const TELL = 'echo SECRET > a.ipynb'

describe.each(Object.entries(PLACES))('a filter that is assigned %s', (_, assign) => {
  test('and only cleans keeps what is not committed from the base branch', async () => {
    const { world } = await taskOf(redacting(assign), TELL)
    const before = world.user.git('rev-parse', 'main')
    const task = await world.engine.command('fix', mergeRequest())
    expect(task).toMatchObject({ status: 'active', setback: { reason: 'error', files: ['a.ipynb'] } })
    expect(world.user.git('rev-parse', 'main')).toBe(before)
  })

  test('lets what the agent’s own git has cleaned be merged, and line ends be normalised', async () => {
    const script = `${TELL}; git add -A; git commit -qm a; printf 'a\\r\\n' > a.txt`
    const { world } = await taskOf(redacting(assign, ['smudge']), script)
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    const blobs = ['a.ipynb', 'a.txt'].map((file) =>
      gitIn(world.user, world.user.path, 'cat-file', 'blob', `main:${file}`),
    )
    expect(blobs).toEqual(['xxxxxx\n', 'a\n'])
  })
})

test('the filter of everybody on this machine is not run on what an agent has not committed', async () => {
  const user = makeRepository()
  setGlobally(user, 'filter.redact.clean', `tee '${user.scratch}/ran'`)
  user.write('.gitattributes', ASSIGNED)
  user.commit('other', 'x')
  const { world } = await taskOf(user, `${TELL}; printf 'a\\r\\n' > a.txt`)
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ setback: { files: ['a.ipynb'] } })
  expect(() => readFileSync(join(user.scratch, 'ran'))).toThrow('ENOENT')
})

describe.each([[[]], [['smudge']]])(
  'where a filter leaves something out for good (besides clean: %s)',
  (more) => {
    const committed = `${TELL}; git add -A; git commit -qm a; sleep 0.05; echo x > x`

    test('a parked task comes back with all that was in the files', async () => {
      const { world, path } = await taskOf(redacting(PLACES['in .gitattributes']!, more), committed)
      await world.engine.command('fix', PARK)
      await world.engine.command('fix', RESUME)
      expect(readFileSync(join(path, 'a.ipynb'), 'utf8')).toBe('SECRET\n')
      expect(world.problems).toEqual([])
    })

    test('a merge takes what was committed, then and when it has come back', async () => {
      const { world, path } = await taskOf(redacting(PLACES['in .gitattributes']!, more), committed)
      await world.engine.command('fix', PARK)
      await world.engine.command('fix', RESUME)
      agentRuns(world.user, path, 'test "$(git status --porcelain)" = "?? x"')
      expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
      expect(world.user.git('show', 'main:a.ipynb')).toBe('xxxxxx')
      expect(world.user.git('ls-tree', '--name-only', 'main').split('\n')).toContain('x')
    })

    test('a later change is refused until it is committed', async () => {
      const { world, path } = await taskOf(redacting(PLACES['in .gitattributes']!, more), committed)
      agentRuns(world.user, path, 'echo SECRE2 > a.ipynb')
      expect(await world.engine.command('fix', mergeRequest())).toMatchObject({
        setback: { files: ['a.ipynb'] },
      })
    })
  },
)

test('a filter that is configured while an engine is open costs no task what is in its files', async () => {
  const user = makeRepository()
  const { world, path } = await taskOf(user, ':')
  user.git('config', 'filter.redact.clean', 'tr A-Z a-z')
  user.git('config', 'filter.redact.smudge', 'tr a-z A-Z')
  agentRuns(
    user,
    path,
    `echo '*.ipynb filter=redact' > .gitattributes; ${TELL}; git add -A; git commit -qm a`,
  )
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(readFileSync(join(path, 'a.ipynb'), 'utf8')).toBe('SECRET\n')
  agentRuns(user, path, 'echo MORE >> a.ipynb')
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ setback: { files: ['a.ipynb'] } })
})

test('a file whose name is not UTF-8 has its own filter asked whether it was touched', async () => {
  const user = makeRepository()
  user.git('config', 'filter.stored.clean', 'sed s/^/stored:/')
  user.git('config', 'filter.stored.smudge', 'sed s/^stored://')
  agentRuns(
    user,
    user.path,
    "printf '*\\351 filter=stored\\n' > .gitattributes; echo content > $'caf\\xe9'; git add -A; git commit -qm c",
  )
  const { world } = await taskOf(user, "git update-index --assume-unchanged $'caf\\xe9'; echo new > new")
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('status', '--porcelain')).toBe('')
})
