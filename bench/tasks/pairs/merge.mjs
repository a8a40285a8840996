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
  const ours = (until) => async () => {
    const task = await coppice.create({ id: nameOf(), base: run.base })
    await appendTo(task.path, spread(paths, CHANGED, ++number), `// ${task.id}`)
    await task.checkpoint()
    await advance(repository, run.base, spread(paths, 1, ++number))
    await quiet(coppice, repository)
    const taken = await stopwatch(async () => {
      const { status } = await task.merge({ until })
      if (status !== 'merged') throw new Error(`${task.id} is ${status}`)
    })
    await task.settle()
    return taken
  }
  const contenders = UNTIL.map((until) => ({ name: `${run.says}, until ${until}`, measure: ours(until) }))
  return compare({ rounds, warmUp, against, contenders })
}

/** What a merge is waited for: `git merge` removes nothing. */
const UNTIL = ['landed', 'removed']

export function rowsOf([landed, removed], { files, bars }, { says, bar }) {
  const merge = `merge of a checkpointed task, ${says}, ${count(files)} files`
  const against = 'git merge in a checkout'
  return [
    timeRow(landed, { measure: `${merge}: until it has landed`, against, most: bars[bar] }),
    timeRow(removed, { measure: `${merge}: until its worktree is gone, too`, against }),
  ]
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
