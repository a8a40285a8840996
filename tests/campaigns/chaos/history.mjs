import { BASES } from './repository.mjs'

/**
 * Whether each task that landed has come to its base as a whole: at every position that the base ever had, by its log, it
 * has either nothing of the task or all of it, and never loses it again. The base's first parents show the same for what
 * lands as one commit.
 */
export function historyDrifts(git, states) {
  return BASES.flatMap((base) => driftsOf(git, base, states))
}

function driftsOf(git, base, states) {
  const landings = states.filter(({ landing }) => landing?.into === base)
  const landed = new Map(landings.map(({ id, landing }) => [id, workIn(git, landing.commit).get(id) ?? null]))
  const positions = git.lines('log', '--walk-reflogs', '--format=%H', base).toReversed()
  return [
    ...partsAt(git, base, positions, landed, 'its log'),
    ...partsAt(git, base, wholeCommits(git, base, states), landed, 'its history'),
    ...landings.flatMap((state) => partial(git, state)),
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

/** What landed is what the newest checkpoint holds. */
function partial(git, { id, landing, checkpoint }) {
  if (checkpoint === null) return []
  const [is, was] = [landing.commit, checkpoint.tree].map((tree) => workIn(git, tree).get(id))
  return is === was ? [] : [`${landing.commit} has not all of ${id}, which is in ${checkpoint.ref}`]
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
