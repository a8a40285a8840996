/** The branches that tasks are merged into: the one that the repository's own checkout is on, and one that nothing is on. */
export const CHECKED_OUT = 'main'
export const ELSEWHERE = 'trunk'

/** The files that a task makes, each with its id; a merge has all of them. */
export function filesOf(task) {
  return ['one', 'two', 'three'].map((name) => `work/${task}/${name}`)
}
