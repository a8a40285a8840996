import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, gitIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

function shell(script: string): void {
  execFileSync('sh', ['-c', script])
}

/** No object has this name. */
const NAME = `ab/${'0'.repeat(38)}`

interface Booted {
  readonly world: World
  readonly path: string
  /** Something that has the name of a loose object. */
  readonly object: string
  readonly warnings: () => readonly string[]
}

/** A task in a repository that has not been looked at since the machine was started. */
async function booted(put: (object: string) => void = () => undefined): Promise<Booted> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  const object = join(world.repository.commonDir, 'objects', NAME)
  mkdirSync(dirname(object), { recursive: true })
  rmSync(join(world.repository.commonDir, 'coppice/boot'), { force: true })
  put(object)
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
  onTestFinished(() => warn.mockRestore())
  return { world, path, object, warnings: () => warn.mock.calls.map(([warning]) => String(warning)) }
}

describe('what has the name of a loose object', () => {
  test.each([
    ['a pipe, over which git would wait for ever', (at: string) => shell(`mkfifo '${at}'`)],
    ['a sparse file of eight gigabytes', (at: string) => (writeFileSync(at, ''), truncateSync(at, 2 ** 33))],
    ['an empty file', (at: string) => writeFileSync(at, '')],
  ])('and is %s is removed', async (_, put) => {
    const { world, object, warnings } = await booted(put)
    await world.engine.recover()
    expect(existsSync(object)).toBe(false)
    expect(warnings()).toEqual([])
  })

  // A content whose checksum is zero at its end, which makes it look torn until it is read.
  const content = Buffer.alloc(2 ** 20)
  test.each([
    ['a directory', (at: string) => mkdirSync(at)],
    ['whole although it ends in zeros', (at: string) => writeFileSync(at, endingInZeros(content))],
  ])('and is %s is left', async (_, put) => {
    const { world, object, warnings } = await booted(put)
    await world.engine.recover()
    expect(existsSync(object)).toBe(true)
    expect(warnings()).toEqual([])
  })
})

/** A stream that is whole, and after which nothing matters. */
function endingInZeros(content: Buffer): Buffer {
  return Buffer.concat([deflateSync(content), Buffer.alloc(4)])
}

/** Whether a file can be made such that nobody deletes it: not by everybody, and not in every file system. */
function canBeFixed(): boolean {
  const file = join(mkdtempSync(join(tmpdir(), 'coppice-test-')), 'fixed')
  writeFileSync(file, '')
  const { status } = spawnSync('sh', ['-c', `chattr +i '${file}' && chattr -i '${file}'`])
  rmSync(dirname(file), { recursive: true })
  return status === 0
}

test.skipIf(!canBeFixed())(
  'a torn object that cannot be removed is told, and branches are put back all the same',
  async () => {
    const { world, path, object, warnings } = await booted((at) => writeFileSync(at, ''))
    const { user } = world
    const first = user.git('rev-parse', 'coppice/fix')
    cutPower(world, () => agentRuns(user, path, 'git commit -qm torn --allow-empty'))
    shell(`chattr +i '${object}'`)
    onTestFinished(() => shell(`chattr -i '${object}'`))
    await world.engine.recover()
    expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
    expect(warnings()).toEqual([expect.stringContaining(NAME)])
  },
)

test.skipIf(!existsSync('/dev/shm'))('objects in another file system are mended as well', async () => {
  const { world, path, warnings } = await booted()
  const { user, repository } = world
  const elsewhere = mkdtempSync('/dev/shm/coppice-test-')
  onTestFinished(() => rmSync(elsewhere, { recursive: true }))
  const objects = join(repository.commonDir, 'objects')
  shell(`cp -a '${objects}/.' '${elsewhere}'`)
  renameSync(objects, `${objects}.before`)
  symlinkSync(realpathSync(elsewhere), objects)
  const first = user.git('rev-parse', 'coppice/fix')
  cutPower(world, () => agentRuns(user, path, 'git commit -qm torn --allow-empty'))
  await world.engine.recover()
  expect(warnings()).toEqual([])
  expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
  expect(user.git('fsck', '--full', '--no-dangling', '--no-reflogs')).toBe('')
})

test('a task whose index cannot be mended keeps no other from being put back, and is told', async () => {
  const { world, path, warnings } = await booted()
  const { user, repository } = world
  const other = await world.engine.create({ id: 'other' })
  const [one, two] = readdirSync(join(repository.commonDir, 'worktrees')).map((name) => ({
    gitDir: join(repository.commonDir, 'worktrees', name),
    path: name.startsWith('fix') ? path : other.path,
    branch: name.startsWith('fix') ? 'coppice/fix' : 'coppice/other',
  }))
  const before = user.git('rev-parse', two!.branch)
  cutPower(world, () => {
    agentRuns(user, one!.path, 'echo x > x; git add x')
    agentRuns(user, two!.path, 'git commit -qm torn --allow-empty')
  })
  writeFileSync(join(one!.gitDir, 'index.lock'), '')
  await world.engine.recover()
  expect(user.git('rev-parse', two!.branch)).toBe(before)
  expect(warnings()).toEqual([expect.stringContaining('index.lock')])
  rmSync(join(one!.gitDir, 'index.lock'))
  await world.engine.recover()
  expect(gitIn(user, one!.path, 'status', '--porcelain')).toBe('?? x\n')
})
