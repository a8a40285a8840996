import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { count } from '../../harness/table.mjs'
import { appendTo, spread } from '../edits.mjs'
import { git, pathsOf } from '../git.mjs'
import { namesFor, PlainWorktree } from '../plain.mjs'
import { quiet } from '../quiet.mjs'
import { timeRow } from '../rows.mjs'

export const RUNS = [{ name: 'remove' }]

/** A worktree with work in it that nobody has committed: git throws it away, and a task's is pinned first. */
export async function measure({ coppice, repository, entry, rounds, warmUp }) {
  const changed = spread(await pathsOf(repository, 'main'), entry.changed, 0)
  const nameOf = namesFor('remove')
  const against = async () => {
    const plain = new PlainWorktree(repository, `plain-${nameOf()}`)
    await plain.add('main')
    await appendTo(plain.path, changed, '// work')
    await quiet(coppice, repository)
    const measured = await stopwatch(() => git(repository, 'worktree', 'remove', '--force', plain.path))
    await git(repository, 'branch', '--quiet', '-D', plain.branch)
    return measured
  }
  const ours = async () => {
    const task = await coppice.create({ id: nameOf(), base: 'main' })
    await appendTo(task.path, changed, '// work')
    await quiet(coppice, repository)
    return stopwatch(() => task.abandon())
  }
  return compare({ rounds, warmUp, against, contenders: [{ name: 'remove', measure: ours }] })
}

export function rowsOf([comparison], { files, changed, bars }) {
  const measured = `remove, with ${changed} files pinned that were not committed, ${count(files)} files`
  const against = 'git worktree remove --force, nothing pinned'
  return [timeRow(comparison, { measure: measured, against, most: bars.remove })]
}
