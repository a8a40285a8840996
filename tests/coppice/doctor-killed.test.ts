import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { agentRuns, contentOf } from '../git-adapter/helpers/tree.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'

const PROGRAM = fileURLToPath(new URL('programs/killed-repair.mjs', import.meta.url))

/** More steps than the repair has, so that a test which never comes to the end fails. */
const MANY = 200

/** Every so many steps is tried; 1 for all of them, which takes minutes. */
const STRIDE = Number(process.env['COPPICE_TEST_STRIDE'] ?? 11)

/** Takes a directory back to how it was, in the same place, for names in it are absolute. */
function putBack(directory: string, copy: string): void {
  rmSync(directory, { recursive: true })
  execFileSync('cp', ['-a', copy, directory])
}

function repairKilledAt(
  user: TestRepository,
  step: number,
): { readonly killed: boolean; readonly stderr: string } {
  const args = [PROGRAM, user.path, join(user.scratch, 'all'), String(step)]
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { env: user.env, encoding: 'utf8' })
  if (signal === null && stdout !== 'done\n') throw new Error(stderr)
  return { killed: signal === 'SIGKILL', stderr }
}

test('a repair that is killed before any of its changes is brought to its end by the next, and nothing is lost', async () => {
  const user = makeRepository({ name: 'all/repo' })
  useEnvironment(user.env)
  const all = join(user.scratch, 'all')
  const { fix, gone, moved, pinned, tip } = await drifted(user)
  const copy = join(user.scratch, 'copy')
  execFileSync('cp', ['-a', all, copy])
  let step = 1
  for (; ; step += STRIDE) {
    expect(step).toBeLessThan(MANY)
    putBack(all, copy)
    const { killed } = repairKilledAt(user, step)
    await using coppice = await openCoppice({ repo: user.path, recover: false })
    const repair = await coppice.repair()
    expect(repair.failed, `killed at step ${step}`).toEqual([])
    expect(repair.diagnosis, `killed at step ${step}`).toMatchObject({ healthy: true })
    expect(contentOf(user, fix.path)).toEqual(fix.content)
    expect(contentOf(user, gone.path)).toEqual(gone.content)
    expect(contentOf(user, moved.path)).toEqual(moved.content)
    expect(coppice.task('moved').path).toBe(moved.path)
    expect(user.git('rev-parse', pinned.ref)).toBe(pinned.commit)
    expect(user.git('rev-parse', `refs/coppice/old/tips/${tip}`)).toBe(tip)
    expect(keptIn(all)).toContain('work')
    user.git('fsck', '--no-dangling', '--strict')
    user.git('worktree', 'list')
    if (!killed) break
  }
  expect(step).toBeGreaterThan(10)
}, 600_000)

/** One of each drift whose repair takes something away. */
async function drifted(user: TestRepository): Promise<{
  readonly fix: { readonly path: string; readonly content: unknown }
  readonly gone: { readonly path: string; readonly content: unknown }
  readonly moved: { readonly path: string; readonly content: unknown }
  readonly pinned: { readonly ref: string; readonly commit: string }
  readonly tip: string
}> {
  await using coppice = await openCoppice({ repo: user.path })
  const fix = await coppice.create({ id: 'fix' })
  agentRuns(user, fix.path, 'echo c > c; git add c; git commit -qm c; echo s > s; git add s; echo u > u')
  const pinned = (await fix.checkpoint())!
  const gone = await coppice.create({ id: 'gone' })
  agentRuns(user, gone.path, 'echo g > g; git add g; echo h > h')
  await gone.checkpoint()
  const moved = await coppice.create({ id: 'moved' })
  agentRuns(user, moved.path, 'echo m > m; git add m; echo n > n')
  const old = await coppice.create({ id: 'old' })
  await old.checkpoint()
  await old.abandon()
  const found = {
    fix: { path: fix.path, content: contentOf(user, fix.path) },
    gone: { path: gone.path, content: contentOf(user, gone.path) },
    moved: { path: join(user.scratch, 'all', 'there'), content: contentOf(user, moved.path) },
    pinned,
    tip: user.git('rev-parse', 'main'),
  }
  // As somebody moves a directory who does not tell git: only one of the two names is right then.
  renameSync(moved.path, found.moved.path)
  writeFileSync(join(moved.state.gitDir!, 'gitdir'), `${found.moved.path}/.git\n`)
  user.git('branch', 'coppice/old', found.tip)
  user.git('update-ref', '-d', pinned.ref)
  user.git('update-ref', '-d', 'refs/heads/coppice/fix')
  const beside = join(fix.path, '..')
  user.git('worktree', 'add', '--quiet', '--detach', '--no-checkout', join(beside, '.making', 'fix+coppice'))
  mkdirSync(join(beside, '.trash', 'fix~1', 'deep'), { recursive: true })
  rmSync(join(fix.path, '.git'))
  agentRuns(user, fix.path, 'git init -q .; echo work > .git/mine')
  rmSync(gone.state.gitDir!, { recursive: true })
  const lock = join(user.path, '.git', 'index.lock')
  writeFileSync(lock, '')
  utimesSync(lock, 1, 1)
  user.git('config', 'core.bare', 'true')
  writeFileSync(join(fix.state.gitDir!, 'commondir'), '')
  return found
}

/** What was kept of the repository that stood in the place of `.git`. */
function keptIn(all: string): string[] {
  const aside = join(all, 'repo.worktrees', '.aside')
  const kept = readdirSync(aside).map((name) => join(aside, name, '.git', 'mine'))
  return kept.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8').trim())
}
