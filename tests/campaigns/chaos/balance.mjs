import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { blobOf, Diary } from './diary.mjs'
import { historyDrifts } from './history.mjs'
import { Git } from './repository.mjs'

/** Whatever was acknowledged, and whatever is there in the end, has to fit together; a sentence for all that does not. */
export function balance(theater, seen, tally) {
  const git = new Git(theater.repo, theater.env)
  const acknowledged = theater.acknowledged()
  for (const { what } of acknowledged) tally.count(what)
  const { reachable, broken } = objects(git)
  return [
    ...broken,
    ...acknowledged
      .filter(({ what }) => what === 'bug')
      .map(({ message }) => `an error without a code: ${message}`),
    ...acknowledged.flatMap((line) => lost(git, line, reachable, tally)),
    ...historyDrifts(git, seen.states, (id) => isDeleted(theater, id)),
    ...drifts(seen),
    ...debris(theater, seen.states),
    ...theater.processes().map((pid) => `process ${pid} is still there`),
  ]
}

function isDeleted({ ledger }, task) {
  return new Diary(ledger, task).read().some(({ begin }) => begin === 'delete')
}

/** Every object that any ref reaches. */
function objects(git) {
  const broken = []
  const listed = git.try(['rev-list', '--objects', '--no-object-names', '--all'])
  if (listed.status !== 0) broken.push(`a ref reaches what is not there: ${listed.stderr.trim()}`)
  const fsck = git.try(['fsck', '--full', '--no-dangling'])
  // An index or a reflog that speaks of what is gone is none of our doing.
  if (fsck.status !== 0) broken.push(`fsck: ${`${fsck.stdout}${fsck.stderr}`.trim()}`)
  return { reachable: new Set(listed.stdout.split('\n')), broken }
}

/** What was acknowledged and is in no merge, no branch and no pin. */
function lost(git, { what, task, commit, into, expected = {} }, reachable, tally) {
  if (what !== 'checkpoint' && what !== 'merge') return []
  const about = `${what} ${commit} of ${task}`
  const broken = reachable.has(commit) ? [] : [`${about} is reached by no ref`]
  if (what === 'merge' && git.try(['merge-base', '--is-ancestor', commit, into]).status !== 0)
    broken.push(`${about} was acknowledged and is not on ${into}`)
  const has = filesIn(git, commit)
  for (const [path, token] of Object.entries(expected)) {
    tally.count('acknowledged edits looked for')
    if (token === null && has.has(path)) broken.push(`${about} has ${path}, which had been deleted before`)
    if (token === null) continue
    if (has.get(path) !== blobOf(token))
      broken.push(`${about} has not the edit ${token} of ${path}; the task’s diary is in the ledger`)
    if (!reachable.has(blobOf(token))) broken.push(`the edit ${token} of ${path} is lost: ${about} had it`)
  }
  return broken
}

function filesIn(git, commit) {
  const { stdout } = git.try(['ls-tree', '-r', '-z', commit, 'work/'])
  const entries = stdout.split('\0').filter(Boolean)
  return new Map(entries.map((entry) => [entry.split('\t')[1], entry.split(/[ \t]/)[2]]))
}

function drifts({ problems, failed, repairedAgain, drifts: left }) {
  const serious = left.filter(({ severity }) => severity !== 'note')
  return [
    ...problems.map((problem) => `a problem in the last recovery: ${problem}`),
    ...failed.map(({ code, subject, reason }) => `the last repair failed: ${code} ${subject}: ${reason}`),
    ...repairedAgain.map(({ code, subject }) => `a second repair repaired ${code} ${subject}`),
    ...serious.map(({ code, subject, meaning }) => `the doctor finds ${code} ${subject}: ${meaning}`),
  ]
}

/** Our own locks, which the kernel frees, and that of a user’s maintenance, which nothing of ours waits for. */
const LASTING = /^(coppice\/|objects\/maintenance\.lock$)/

/** What is of a ready worktree, and not a whole one. */
function halfReady(git, worktrees) {
  const [files, gitDirs] = [join(worktrees, '.pool'), join(git, 'coppice/pool')].map((path) =>
    existsSync(path) ? readdirSync(path) : [],
  )
  const isWhole = (name) =>
    files.includes(name) &&
    gitDirs.includes(name) &&
    existsSync(join(git, 'coppice/pool', name, 'coppice-spare'))
  return [...new Set([...files, ...gitDirs])].filter((name) => !isWhole(name))
}

/** Files that nobody needs any more. */
function debris({ repo, worktrees }, states) {
  const git = join(repo, '.git')
  const isLive = ({ status }) => status === 'active'
  const live = new Set(states.filter(isLive).map(({ id }) => id))
  const names = existsSync(worktrees) ? readdirSync(worktrees) : []
  const entries = existsSync(join(git, 'worktrees')) ? readdirSync(join(git, 'worktrees')) : []
  const left = readdirSync(git, { recursive: true }).filter(
    (name) =>
      (name.endsWith('.lock') && !LASTING.test(name)) ||
      /^coppice\/(tmp\/.|trash|landing\.json|entry\.draft)/.test(name),
  )
  return [
    ...names
      .filter((name) => !live.has(name) && name !== '.aside' && name !== '.pool')
      .map((name) => `debris: the worktree ${name}`),
    ...entries
      .filter((name) => !live.has(name.split('+')[0]))
      .map((name) => `debris: git’s entry of the worktree ${name}`),
    ...left.map((name) => `debris: .git/${name}`),
    ...halfReady(git, worktrees).map((name) => `debris: the ready worktree ${name}`),
  ]
}
