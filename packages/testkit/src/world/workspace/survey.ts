import {
  isFinished,
  type EntrySight,
  type Leftover,
  type PlaceContent,
  type PlaceSight,
  type Relation,
  type Survey,
  type TaskSight,
  type TaskState,
} from '@coppice/core'
import { branchRef } from '../../git-model/refs.js'
import type { SimulatedRepository } from '../../git-model/repository.js'
import { branchOf, type WorktreeEntry } from '../../git-model/worktree.js'
import { contentInPlace } from './content-in-place.js'
import { markedEntry, whereabouts } from './whereabouts.js'
import { nameOf, parentOf, taskNamed, type SimulatedSite } from './site.js'

/** Reads the whole world. What the model does not have (lock files, settings, people's checkouts) is found in order. */
export function survey(site: SimulatedSite, tasks: readonly TaskState[], wanted: readonly string[]): Survey {
  const { repository } = site
  const entries = [...repository.entries.values()].map((entry) => entrySight(repository, entry))
  const landings = tasks.flatMap(({ landing }) => landing?.commit ?? [])
  return {
    commonDir: repository.commonDir,
    branchPrefix: repository.branchPrefix,
    tasks: Object.fromEntries(tasks.map((task) => [task.id, taskSight(site, task, entries)])),
    entries,
    refs: Object.fromEntries(
      Object.entries(repository.refs.all()).filter(([ref]) => /^refs\/(?:heads|coppice)\//.test(ref)),
    ),
    commits: [...new Set([...wanted, ...landings])].filter((commit) => repository.objects.hasCommit(commit)),
    checkedOut: entries.flatMap(({ branch }) => branch ?? []),
    leftovers: leftovers(repository, tasks),
    locks: [],
    bareFlags: [],
    operations: [],
    landingMarked: false,
    leaks: [],
  }
}

function entrySight(repository: SimulatedRepository, entry: WorktreeEntry): EntrySight {
  const { gitDir, task, path, head, visited, locked } = entry
  const branch = branchOf(head)
  return {
    gitDir,
    task: task ?? taskNamed(nameOf(gitDir)),
    marked: task !== null,
    path,
    standing: repository.directories.has(path) ? 'directory' : 'nothing',
    commondir: '../..',
    head: 'branch' in head ? `ref: ${branchRef(head.branch)}` : head.commit,
    branch,
    commit: repository.commitOf(head),
    lastCommit: visited.at(-1) ?? null,
    locked,
    operation: null,
  }
}

function taskSight(site: SimulatedSite, task: TaskState, entries: readonly EntrySight[]): TaskSight {
  const { repository } = site
  const place = placeAt(repository, task.path)
  const gitDir = markedEntry(site, task)?.gitDir
  const entry = entries.find((each) => each.gitDir === gitDir) ?? null
  const isInPlace = entry !== null && place.names === task.gitDir
  const found = task.worktree === 'absent' || isInPlace ? null : whereabouts(site, task)
  const tip = repository.branch(task.branch)
  const known = lastKnown(repository, task, entry)
  return {
    place,
    entry,
    content: contentOf(repository, task, place, entry),
    movedTo: found === null || found.path === task.path ? null : found.path,
    recorded: task.gitDir !== null && repository.entries.has(task.gitDir),
    tip,
    headToTip: entry === null ? null : relationOf(repository, entry.commit, tip),
    known,
    tipToKnown: isWatched(task, entry) ? relationOf(repository, tip, known) : null,
    target: task.into === null ? null : repository.branch(task.into),
    landed: isLanded(repository, task),
  }
}

function placeAt({ directories }: SimulatedRepository, path: string): PlaceSight {
  const directory = directories.get(path)
  if (directory === undefined) return { standing: 'nothing', dotGit: 'nothing', names: null }
  const { names } = directory
  return { standing: 'directory', dotGit: names === null ? 'nothing' : 'file', names }
}

function contentOf(
  repository: SimulatedRepository,
  { path, worktree }: TaskState,
  { standing, names }: PlaceSight,
  entry: EntrySight | null,
): PlaceContent | null {
  if (worktree !== 'present' || standing !== 'directory' || entry === null || names === entry.gitDir)
    return null
  return contentInPlace(repository, path, entry.gitDir)
}

/** The last commit of the branch that is known; nobody asks for that of a task that is done. */
function lastKnown(
  { objects }: SimulatedRepository,
  { branch, checkpoint, base, status }: TaskState,
  entry: EntrySight | null,
): string | null {
  if (isFinished(status)) return null
  if (entry?.branch === branch && entry.lastCommit !== null) return entry.lastCommit
  const recorded = checkpoint?.tip ?? checkpoint?.head ?? base.commit
  return objects.hasCommit(recorded) ? recorded : null
}

/** Whether every move of the branch is known: HEAD is on it and logs it, or nobody is to move it. */
function isWatched({ branch, status, worktree }: TaskState, entry: EntrySight | null): boolean {
  if (status === 'parked' && worktree === 'absent') return true
  return entry !== null && entry.branch === branch && entry.lastCommit !== null
}

function isLanded(repository: SimulatedRepository, { landing }: TaskState): boolean | null {
  if (landing === null) return null
  const target = repository.branch(landing.into)
  return target !== null && repository.isAncestor(landing.commit, target)
}

function relationOf(
  repository: SimulatedRepository,
  one: string | null,
  other: string | null,
): Relation | null {
  if (one === null || other === null) return null
  if (one === other) return 'same'
  if (repository.isAncestor(one, other)) return 'behind'
  return repository.isAncestor(other, one) ? 'ahead' : 'diverged'
}

const KINDS = new Map<string, Leftover['kind']>([
  ['.making', 'making'],
  ['.verifying', 'verifying'],
  ['.trash', 'trash'],
])

/** What interrupted effects have left beside the worktrees. */
function leftovers(
  { directories, worktreesDir }: SimulatedRepository,
  tasks: readonly TaskState[],
): Leftover[] {
  const parents = new Set([worktreesDir, ...tasks.map(({ path }) => parentOf(path))])
  return [...directories.keys()].flatMap((path) => {
    const kind = KINDS.get(nameOf(parentOf(path)))
    if (kind === undefined || !parents.has(parentOf(parentOf(path)))) return []
    return [{ kind, path, task: taskNamed(nameOf(path)) }]
  })
}
