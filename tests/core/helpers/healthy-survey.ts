import type { Books, EntrySight, PlaceSight, Survey, TaskSight, TaskState } from '@coppice/core'

const COMMON = '/srv/repo/.git'
export const NOTHING: PlaceSight = { standing: 'nothing', dotGit: 'nothing', names: null }

/** What the log says when nobody is at work. */
export function booksOf(tasks: readonly TaskState[]): Books {
  const pins = tasks.flatMap(({ id, checkpoint }) =>
    checkpoint === null ? [] : [{ task: id, ref: checkpoint.ref, commit: checkpoint.commit }],
  )
  return { tasks, pins, busy: new Set(), attended: new Set(), deserted: new Set() }
}

/** A world that is exactly as the log says. */
export function healthySurvey(tasks: readonly TaskState[]): Survey {
  const sights = tasks.map((task): [string, TaskSight] => [task.id, healthySight(task)])
  const branches = sights.flatMap(([id, { tip }]) => {
    const task = tasks.find((candidate) => candidate.id === id)
    return tip === null || task === undefined ? [] : [[`refs/heads/${task.branch}`, tip]]
  })
  const pins = booksOf(tasks).pins.map(({ ref, commit }) => [ref, commit])
  return {
    commonDir: COMMON,
    branchPrefix: 'coppice/',
    checkedOut: ['main'],
    tasks: Object.fromEntries(sights),
    entries: sights.flatMap(([, { entry }]) => entry ?? []),
    leftovers: [],
    refs: Object.fromEntries([...branches, ...pins]),
    commits: booksOf(tasks).pins.map(({ commit }) => commit),
    locks: [],
    bareFlags: [],
    operations: [],
    landingMarked: false,
    leaks: [],
  }
}

export function healthySight(task: TaskState): TaskSight {
  const isPresent = task.worktree === 'present'
  const hasBranch = isPresent || task.status === 'parked'
  const tip = hasBranch ? (task.checkpoint?.tip ?? task.base.commit) : null
  const entry = isPresent && task.gitDir !== null && tip !== null ? entryOf(task, task.gitDir, tip) : null
  return {
    place: isPresent ? { standing: 'directory', dotGit: 'file', names: task.gitDir } : NOTHING,
    entry,
    content: null,
    movedTo: null,
    recorded: isPresent,
    tip,
    headToTip: entry === null ? null : 'same',
    known: tip,
    tipToKnown: tip === null ? null : 'same',
    target: task.base.commit,
    landed: task.landing === null ? null : true,
  }
}

export function entryOf({ id, path, branch }: TaskState, gitDir: string, commit: string): EntrySight {
  return {
    gitDir,
    task: id,
    marked: true,
    path,
    standing: 'directory',
    commondir: '../..',
    head: `ref: refs/heads/${branch}`,
    branch,
    commit,
    lastCommit: commit,
    locked: null,
    operation: null,
  }
}
