import { MemoryLog } from '@coppice/store'
import { existsSync, readFileSync, writeFileSync, chmodSync, appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Request } from '@coppice/core'
import { expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { fakeGit } from './helpers/fake-git.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

/** An engine of which every git process that moves a ref or writes objects, every sync and every fact is noted, in order. */
async function watched(): Promise<{ world: World; journal: () => readonly string[] }> {
  const user = makeRepository()
  const file = join(user.scratch, 'journal')
  writeFileSync(file, '')
  const noted = `
    case "$*" in
      *update-ref*|*merge\\ --quiet*) echo "moves $*" >> '${file}' ;;
      *commit-tree*|*merge-tree*|*write-tree*) echo "writes $*" >> '${file}' ;;
    esac
    exec git "$@"`
  const path = fakeGit(user.scratch, noted)
  const fakeSync = join(user.scratch, 'fake-bin', 'sync')
  // What a sync covers is what was there when it began.
  writeFileSync(fakeSync, `#!/bin/sh\necho sync >> '${file}'\n`)
  chmodSync(fakeSync, 0o755)
  const log = new MemoryLog()
  const append = log.append.bind(log)
  log.append = (...given) => {
    for (const { type } of given[1]) appendFileSync(file, `fact ${type}\n`)
    return append(...given)
  }
  const world = await openWorld({ user: { ...user, env: { ...user.env, PATH: path } }, log })
  return { world, journal: () => readFileSync(file, 'utf8').split('\n').filter(Boolean) }
}

/** Facts that say what somebody asked for, and speak of nothing that was done. */
const INTENTS = /^fact (task\.requested|task\.parked|task\.resumed|task\.abandoned|merge\.requested)$/

function expectDurableFacts(lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    const before = lines.slice(0, index)
    if (!line.startsWith('fact ') || INTENTS.test(line)) continue
    const last = before.findLastIndex((other) => other.startsWith('moves '))
    expect(before.slice(last + 1), `${line} is not synced:\n${before.join('\n')}`).toContain('sync')
  }
}

/** Between the last objects and the ref that holds them there is a sync, also of those that an agent has written before. */
function expectSyncedBefore(lines: readonly string[], move: RegExp): void {
  const at = lines.findIndex((line) => move.test(line))
  expect(at).toBeGreaterThan(0)
  const last = lines.slice(0, at).findLastIndex((line) => /^(moves|writes) /.test(line))
  expect(lines.slice(last + 1, at)).toContain('sync')
}

const WORK = 'echo one > one; git add one; git commit -qm one; echo two > two'

async function played(
  requests: readonly Request[],
  before?: (world: World) => void,
): Promise<readonly string[]> {
  const { world, journal } = await watched()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, WORK)
  before?.(world)
  for (const request of requests) await world.engine.command('fix', request)
  expect(world.problems).toEqual([])
  return journal()
}

test('a creation, and a park with its checkpoint, become facts once all that they did is on the disk', async () => {
  const lines = await played([PARK, RESUME, ABANDON])
  expectDurableFacts(lines)
  expectSyncedBefore(lines, /update-ref .*refs\/coppice\/fix\/checkpoints\/1/)
})

test('a merge into a branch that nobody has checked out becomes a fact once it is on the disk', async () => {
  const detach = ({ user }: World): void => void user.git('switch', '--quiet', '--detach')
  const lines = await played([mergeRequest({ strategy: 'squash' })], detach)
  expectDurableFacts(lines)
  expectSyncedBefore(lines, /update-ref .*refs\/heads\/main/)
})

test('a merge into the checked-out branch has its mark on the disk before, and its files and index after it', async () => {
  const lines = await played([mergeRequest()])
  expectDurableFacts(lines)
  expectSyncedBefore(lines, /merge --quiet/)
})

test('a disk that cannot be synced makes no fact', async () => {
  const { world } = await watched()
  const sync = join(world.user.scratch, 'fake-bin', 'sync')
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, WORK)
  writeFileSync(sync, '#!/bin/sh\necho "sync: error syncing: Input/output error" >&2\nexit 1\n')
  await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({ code: 'sync-failed' })
  expect(world.engine.find('fix')).toMatchObject({ checkpoint: null })
  expect(existsSync(path)).toBe(true)
})
