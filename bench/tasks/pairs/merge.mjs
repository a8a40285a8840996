import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { count } from '../../harness/table.mjs'
import { appendTo, spread } from '../edits.mjs'
import { git, pathsOf } from '../git.mjs'
import { namesFor } from '../plain.mjs'
import { quiet } from '../quiet.mjs'
import { importCommit } from '../repository/import.mjs'
import { timeRow } from '../rows.mjs'

/** Files that each side changes; the base goes on by one other file meanwhile, so that there is something to merge. */
const CHANGED = 3

/** `main` is checked out in the repository, and `trunk` nowhere. */
export const RUNS = [
  { name: 'merge-elsewhere', base: 'trunk', says: 'base not checked out', bar: 'elsewhere' },
  { name: 'merge-here', base: 'main', says: 'base checked out', bar: 'checkedOut' },
]

export async function measure({ coppice, repository, rounds, warmUp, run }) {
  const paths = await pathsOf(repository, 'main')
  const nameOf = namesFor(run.name)
  let number = 0
  if (run.base !== 'main') await git(repository, 'branch', '--force', run.base, 'main')

  const against = async () => {
    const branch = `plain-${nameOf()}`
    await commitTo(repository, branch, 'main', spread(paths, CHANGED, ++number))
    await advance(repository, 'main', spread(paths, 1, ++number))
    await quiet(coppice, repository)
    return stopwatch(() => git(repository, 'merge', '--quiet', '--no-edit', branch))
  }
  const ours = async () => {
    const task = await coppice.create({ id: nameOf(), base: run.base })
    await appendTo(task.path, spread(paths, CHANGED, ++number), `// ${task.id}`)
    await task.checkpoint()
    await advance(repository, run.base, spread(paths, 1, ++number))
    await quiet(coppice, repository)
    return stopwatch(async () => {
      const { status } = await task.merge()
      if (status !== 'merged') throw new Error(`${task.id} is ${status}`)
    })
  }
  return compare({ rounds, warmUp, against, contenders: [{ name: run.says, measure: ours }] })
}

export function rowsOf([comparison], { files, bars }, { says, bar }) {
  const measured = `merge of a checkpointed task, ${says}, ${count(files)} files`
  return [timeRow(comparison, { measure: measured, against: 'git merge in a checkout', most: bars[bar] })]
}

/** Has a branch go on by a commit, in the checkout where there is one. */
async function advance(repository, branch, paths) {
  if (branch !== 'main') return commitTo(repository, branch, branch, paths)
  await appendTo(repository, paths, '// goes on')
  await git(repository, 'commit', '--quiet', '--all', '--message', 'go on')
}

/** Has a branch hold what another one holds, and a line more in some files. */
async function commitTo(repository, branch, from, paths) {
  const files = await Promise.all(
    paths.map(async (path) => ({
      path,
      content: `${await readFile(join(repository, path), 'utf8')}// ${branch}\n`,
    })),
  )
  await importCommit(repository, { branch, from: `refs/heads/${from}^0`, files })
}
