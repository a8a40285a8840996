import { BASES } from './repository.mjs'

/**
 * Whether each task that landed has come to its base as a whole: at every position that the base ever had, by its log, it
 * has either nothing of the task or all of it, and never loses it again. The base's first parents show the same for what
 * lands as one commit.
 *
 * @param isDeleted whether somebody has deleted the worktree of a task, by its id
 */
export function historyDrifts(git, states, isDeleted) {
  return BASES.flatMap((base) => driftsOf(git, base, states, isDeleted))
}

function driftsOf(git, base, states, isDeleted) {
  const landings = states.filter(({ landing }) => landing?.into === base)
  const landed = new Map(landings.map(({ id, landing }) => [id, workIn(git, landing.commit).get(id) ?? null]))
  const positions = git.lines('log', '--walk-reflogs', '--format=%H', base).toReversed()
  return [
    ...partsAt(git, base, positions, landed, 'its log'),
    ...partsAt(git, base, wholeCommits(git, base, states), landed, 'its history'),
    ...landings.flatMap((state) => partial(git, state, isDeleted(state.id))),
  ]
}

function partsAt(git, base, commits, landed, where) {
  const broken = []
  const seen = new Set()
  for (const commit of commits) {
    const work = workIn(git, commit)
    for (const [task, tree] of work) {
      if (tree !== landed.get(task)) broken.push(`${base} has a part of ${task} at ${commit}, by ${where}`)
      seen.add(task)
    }
    for (const task of seen)
      if (!work.has(task)) broken.push(`${base} loses ${task} at ${commit}, by ${where}`)
  }
  return broken
}

/** The first parents, but for the commits that a fast-forward or a rebase takes along one by one. */
function wholeCommits(git, base, states) {
  const commits = git.lines('rev-list', '--reverse', '--first-parent', base)
  const landings = new Set(states.map(({ landing }) => landing?.commit))
  const isAgents = new Set(
    git.lines('log', '--first-parent', '--format=%H %s', base).flatMap((line) => {
      const [commit, ...subject] = line.split(' ')
      return /^c\d+-\d+ goes on$/.test(subject.join(' ')) ? [commit] : []
    }),
  )
  return commits.filter((commit) => landings.has(commit) || !isAgents.has(commit))
}

/**
 * What landed is what the newest checkpoint holds. A worktree that somebody deletes between the landing and its removal may be pinned
 * once more as far as it is still there: then it is what an earlier one holds.
 */
function partial(git, { id, landing, checkpoint }, isDeleted) {
  if (checkpoint === null) return []
  const refs = `refs/coppice/${id}/checkpoints/`
  const held = isDeleted ? git.lines('for-each-ref', '--format=%(refname)', refs) : [checkpoint.tree]
  const is = workIn(git, landing.commit).get(id)
  return held.some((tree) => workIn(git, tree).get(id) === is)
    ? []
    : [`${landing.commit} has not all of ${id}, which is in ${checkpoint.ref}`]
}

/** The tree of each task's own directory, by the task. */
function workIn(git, commit) {
  const entries = git.lines('ls-tree', commit, 'work/')
  return new Map(
    entries.flatMap((entry) => {
      const [, type, tree, path] = entry.split(/[ \t]/)
      return type === 'tree' ? [[path.slice('work/'.length), tree]] : []
    }),
  )
}
