import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { FileLocks } from '@coppice/store'
import { expect, test } from 'vitest'
import { ABANDON, PARK } from '../../core/helpers/requests.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld, type World, type WorldOptions } from '../helpers/world.js'
import { expectTidy, expectWhole, fill } from './pooled.js'

/** A task that has taken the only ready worktree, which goes back when the task goes. */
async function taken(options: WorldOptions = {}): Promise<{ world: World; path: string }> {
  const world = await openWorld({ poolLimits: () => ({ size: 1, maxBytes: 2 ** 30 }), ...options })
  await fill(world)
  const { path } = await world.engine.create({ id: 'first' })
  return { world, path }
}

test.each([
  ['a link', 'ln -s "$OUTSIDE" .git.new; ln -s "$OUTSIDE" .git.tmp'],
  ['a pipe', 'mkfifo .git.new .git.lock'],
  ['a directory', 'mkdir -p .git.new/deep'],
])('%s beside the pointer is taken out, and nothing is written through it', async (_, plant) => {
  const user = makeRepository()
  const outside = join(user.scratch, 'outside')
  writeFileSync(outside, 'somebody’s\n')
  const { world, path } = await taken({ user })
  agentRuns(user, path, `OUTSIDE='${outside}'; ${plant}`)
  await world.engine.command('first', ABANDON)
  expect(readFileSync(outside, 'utf8')).toBe('somebody’s\n')
  await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
})

test('no filter runs in what an agent has left, neither one of a planted repository nor a relative one of the user’s', async () => {
  const user = makeRepository()
  const ran = join(user.scratch, 'ran')
  writeFileSync(join(user.scratch, 'evil'), `#!/bin/sh\necho "$0 in $PWD" >> '${ran}'; cat\n`, {
    mode: 0o755,
  })
  user.git('init', '--quiet', join(user.scratch, 'lib'))
  agentRuns(
    user,
    join(user.scratch, 'lib'),
    'echo x > x; git add x; git -c user.name=A -c user.email=a@b commit -qm x',
  )
  user.git(
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    join(user.scratch, 'lib'),
    'lib',
  )
  user.write('filter.sh', '#!/bin/sh\ncat\n')
  user.commit('.gitattributes', '*.txt filter=own\n')
  user.git('config', 'filter.own.clean', 'sh ./filter.sh')
  const { world, path } = await taken({ user })
  agentRuns(
    user,
    path,
    `cp ../../evil filter.sh; git rm -q --cached lib; echo lib/ >> .gitignore; rmdir lib; git clone -q ../../lib lib
    git -C lib config filter.e.clean '${join(user.scratch, 'evil')}'; echo '* filter=e' > lib/.git/info/attributes; touch lib/x src/*`,
  )
  // The agent's own git has run it, too.
  rmSync(ran, { force: true })
  await world.engine.command('first', ABANDON)
  expect(await world.workspace.spares()).toHaveLength(1)
  expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe('')
  await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
})

test('a file that was linked elsewhere at once is another one', async () => {
  const { world, path } = await taken()
  const outside = join(world.user.scratch, 'outside')
  agentRuns(world.user, path, `ln README.md '${outside}'`)
  await world.engine.command('first', ABANDON)
  const second = await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
  expect(statSync(join(second.path, 'README.md')).ino).not.toBe(statSync(outside).ino)
})

test('what a process still has open goes to no other task', async () => {
  const { world, path } = await taken()
  const descriptor = openSync(join(path, 'README.md'), 'a')
  try {
    await world.engine.command('first', ABANDON)
    expect(await world.workspace.spares()).toEqual([])
    const second = await world.engine.create({ id: 'second' })
    writeSync(descriptor, 'late\n')
    expect(readFileSync(join(second.path, 'README.md'), 'utf8')).not.toContain('late')
  } finally {
    closeSync(descriptor)
  }
  await expectTidy(world)
})

test('while somebody deletes what lies in the trash, nothing there is made ready', async () => {
  const { world } = await taken({ deletesLater: true })
  const locks = new FileLocks(join(world.repository.commonDir, 'coppice', 'locks'))
  const deleting = await locks.acquire('trash')
  await world.engine.command('first', ABANDON)
  const trash = `${world.user.path}.worktrees/.trash`
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await world.workspace.spares()).toEqual([])
  expect(readdirSync(trash)).toEqual([expect.stringMatching(/^first~.*\.pinned$/)])
  await deleting.release()
  await eventually(async () => (await world.workspace.spares()).length === 1)
  await world.workspace.settled()
})

test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
  'what was mounted in the trash meanwhile is neither cleaned away nor deleted',
  async () => {
    const { world } = await taken({ deletesLater: true })
    const locks = new FileLocks(join(world.repository.commonDir, 'coppice', 'locks'))
    const deleting = await locks.acquire('trash')
    await world.engine.command('first', ABANDON)
    const trash = `${world.user.path}.worktrees/.trash`
    const inside = join(trash, readdirSync(trash)[0]!, 'src')
    agentRuns(
      world.user,
      world.user.scratch,
      `mkdir outside; echo x > outside/data; mount --bind outside '${inside}'`,
    )
    try {
      await deleting.release()
      await world.workspace.settled()
      expect(readdirSync(join(world.user.scratch, 'outside'))).toEqual(['data'])
      expect(await world.workspace.spares()).toEqual([])
    } finally {
      agentRuns(world.user, world.user.scratch, `umount '${inside}'`)
    }
    await expectTidy(world)
  },
)

test('what is being deleted has another name, by which a process that was left over finds nothing else', async () => {
  const user = makeRepository()
  const bin = join(user.scratch, 'bin')
  const file = join(user.scratch, 'deleted')
  agentRuns(
    user,
    user.scratch,
    `mkdir bin; printf '#!/bin/sh\\necho "$@" >> %s; exec /bin/rm "$@"\\n' '${file}' > bin/rm; chmod +x bin/rm`,
  )
  const world = await openWorld({
    user: { ...user, env: { ...user.env, PATH: `${bin}:${user.env['PATH']}` } },
  })
  await world.engine.create({ id: 'first' })
  await world.engine.command('first', PARK)
  expect(readFileSync(file, 'utf8')).toMatch(/^-rf -- \S+\/\.trash\/first~\S+\+going\.pinned\n$/)
})

test.each([
  ['empty', 0, 0],
  ['all zeros', 0, 2_000],
  ['cut off', 40, 40],
])(
  'where what the engine knew of the files is %s, they are deleted, and nobody is bothered',
  async (_, keep, length) => {
    const { world } = await taken()
    const pristine = join(world.repository.commonDir, 'coppice', 'pristine')
    const index = join(pristine, readdirSync(pristine)[0]!, 'index')
    truncateSync(index, keep)
    truncateSync(index, length)
    await world.engine.command('first', ABANDON)
    expect(await world.workspace.spares()).toEqual([])
    await expectTidy(world)
  },
)
