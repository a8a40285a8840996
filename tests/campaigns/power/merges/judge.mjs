import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from './agent.mjs'
import { tryGit } from './git.mjs'
import { CHECKED_OUT, ELSEWHERE, filesOf } from './protocol.mjs'

/**
 * Looks with plain git at a repository that was recovered after a power cut, and answers with a sentence for every promise
 * that was broken.
 */
export function judge(repo, ledger) {
  const objects = objectsOfRefs(repo)
  return [
    ...objects.broken,
    ...ledger.merges.flatMap((merge) => judgeMerge(repo, merge)),
    ...ledger.checkpoints.flatMap((checkpoint) => judgeCheckpoint(repo, checkpoint, objects.reachable)),
    ...[CHECKED_OUT, ELSEWHERE].flatMap((base) => judgeBase(repo, base, ledger)),
    ...judgeCheckout(repo),
    ...[...ledger.tasks].flatMap(([task, known]) => judgeTask(task, known, ledger.found.get(task))),
  ]
}

/** Everything that any ref reaches, each object read to its end. */
function objectsOfRefs(repo) {
  const broken = []
  const listed = tryGit(repo, ['rev-list', '--objects', '--no-object-names', '--all'])
  if (listed.status !== 0) broken.push(`a ref reaches what is not there: ${listed.stderr.trim()}`)
  const reachable = new Set(listed.stdout.split('\n').filter(Boolean))
  const fsck = tryGit(repo, ['fsck', '--full', '--no-dangling'])
  for (const line of `${fsck.stdout}${fsck.stderr}`.split('\n')) {
    const oid = /[0-9a-f]{40}|[0-9a-f]{2}\/[0-9a-f]{38}/.exec(line)?.[0].replace('/', '')
    const isBad = /missing|empty|corrupt|broken|error|fatal|invalid/i.test(line)
    if (isBad && (oid === undefined || reachable.has(oid))) broken.push(`fsck: ${line}`)
  }
  return { reachable, broken }
}

function judgeMerge(repo, { task, round, commit, into }) {
  const what = `the acknowledged merge ${commit} of ${task} into ${into}`
  if (tryGit(repo, ['merge-base', '--is-ancestor', commit, into]).status !== 0)
    return [`${what} is not on the branch, or not whole`]
  const objects = tryGit(repo, ['rev-list', '--objects', '--no-object-names', commit])
  if (objects.status !== 0) return [`${what} lacks objects: ${objects.stderr.trim()}`]
  const checked = tryGit(repo, ['cat-file', '--batch-check'], objects.stdout)
  const missing = checked.stdout.split('\n').filter((line) => line.endsWith('missing'))
  if (checked.status !== 0 || missing.length > 0)
    return [`${what} lacks ${missing.join()} ${checked.stderr.trim()}`]
  return filesOf(task)
    .filter((path) => tryGit(repo, ['show', `${commit}:${path}`]).stdout !== textOf(task, round))
    .map((path) => `${what} has not the ${path} that it was asked to merge`)
}

function judgeCheckpoint(repo, { task, round, ref, commit }, reachable) {
  const what = `the acknowledged checkpoint ${commit} of ${task}`
  const broken = reachable.has(commit) ? [] : [`${what} is reached by no ref`]
  if (tryGit(repo, ['rev-parse', '--verify', '--quiet', ref]).stdout.trim() !== commit)
    broken.push(`${what} is not where ${ref} is`)
  for (const path of filesOf(task))
    if (tryGit(repo, ['show', `${commit}:${path}`]).stdout !== textOf(task, round))
      broken.push(`${what} has not the ${path} of round ${round}`)
  return broken
}

/** On a base there is all of a task or nothing. */
function judgeBase(repo, base, { tasks }) {
  const listed = tryGit(repo, ['ls-tree', '-r', '--name-only', base])
  if (listed.status !== 0) return [`${base} cannot be read: ${listed.stderr.trim()}`]
  const paths = new Set(listed.stdout.split('\n'))
  return [...tasks.keys()].flatMap((task) => {
    const files = filesOf(task).filter((path) => paths.has(path))
    if (files.length === 0) return []
    const texts = filesOf(task).map((path) => tryGit(repo, ['show', `${base}:${path}`]).stdout)
    const round = texts[0].split(' ')[1]
    return texts.every((text) => text === textOf(task, round)) ? [] : [`${base} has a part of ${task}`]
  })
}

function judgeCheckout(repo) {
  const { status, stdout, stderr } = tryGit(repo, ['status', '--porcelain'])
  if (status !== 0) return [`the checkout of ${CHECKED_OUT} is broken: ${stderr.trim()}`]
  return stdout === '' ? [] : [`the checkout of ${CHECKED_OUT} is not as the branch is: ${stdout.trim()}`]
}

/** A task is where the acknowledgement said, and its worktree holds what was acknowledged. */
function judgeTask(task, { status, pinned, done, begun }, found) {
  if (status === null) return []
  if (found === undefined) return [`${task} was ${status} after ${done}, and the log does not know it`]
  if (found.status !== status) return [`${task} was ${status} after ${done}, and is ${found.status}`]
  if (status !== 'active' || begun !== null) return []
  const { path } = found
  if (!existsSync(join(path, '.git'))) return [`the worktree of ${task} is gone`]
  // What was parked while the power was cut, and came back, is what the disk had of it.
  const isKnown = pinned !== null || done === 'create'
  const empty = isKnown ? emptyFiles(path) : []
  const broken = empty.map((name) => `the worktree of ${task} has an empty ${name}, after ${done}`)
  const { status: exitCode, stdout, stderr } = tryGit(path, ['status', '--porcelain'])
  if (exitCode !== 0) return [...broken, `git does not work in the worktree of ${task}: ${stderr.trim()}`]
  if (pinned === null && stdout !== '' && done === 'create')
    return [...broken, `the new worktree of ${task} has changes: ${stdout}`]
  if (pinned === null) return broken
  for (const name of filesOf(task)) {
    const file = join(path, name)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== textOf(task, pinned))
      broken.push(`the worktree of ${task} has not the ${name} that was pinned, after ${done}`)
  }
  return broken
}

function emptyFiles(path) {
  const names = readdirSync(path, { recursive: true })
  return names.filter((name) => {
    const found = statSync(join(path, name))
    return found.isFile() && found.size === 0
  })
}
