import { count } from '../../harness/table.mjs'
import { spread } from '../edits.mjs'
import { git, pathsOf } from '../git.mjs'
import { importCommit } from '../repository/import.mjs'
import { timeRow } from '../rows.mjs'
import { compareCreation } from './creation.mjs'

const BASE = 'release'

export const RUNS = [{ name: 'claim', pool: 2 }]

/** The base goes on each time when the pool is full, so that what is ready is always as far behind it. */
export async function measure(bench) {
  const { repository, entry } = bench
  const paths = spread(await pathsOf(repository, 'main'), entry.differing, 0)
  let number = 0
  const goOn = async () => {
    const files = paths.map((path) => ({ path, content: `// Release ${++number} of ${path}\n` }))
    await importCommit(repository, { branch: BASE, from: `refs/heads/${BASE}^0`, files })
  }
  await git(repository, 'branch', '--force', BASE, 'main')
  return compareCreation(bench, BASE, goOn)
}

export function rowsOf([comparison], { files, differing, bars }) {
  const measured = `create at another base, warm pool, ${count(differing)} of ${count(files)} files differ`
  return [timeRow(comparison, { measure: measured, against: 'git worktree add', most: bars.claim })]
}
