import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { count } from '../../harness/table.mjs'
import { appendTo, spread } from '../edits.mjs'
import { git, pathsOf } from '../git.mjs'
import { PlainWorktree } from '../plain.mjs'
import { quiet } from '../quiet.mjs'
import { timeRow } from '../rows.mjs'

export const RUNS = [{ name: 'checkpoint' }]

/** One task and one worktree of git's, in which the same files change. */
export async function measure({ coppice, repository, entry, rounds, warmUp }) {
  const paths = await pathsOf(repository, 'main')
  const task = await coppice.create({ id: 'checkpoint', base: 'main' })
  const plain = new PlainWorktree(repository, 'plain-checkpoint')
  await plain.add('main')
  const edits = { [task.path]: 0, [plain.path]: 0 }
  const change = async (directory) => {
    const number = ++edits[directory]
    await appendTo(directory, spread(paths, entry.changed, number), `// ${number}`)
    await quiet(coppice, repository)
  }
  const commit = async () => {
    await git(plain.path, 'add', '--all')
    await git(plain.path, 'commit', '--quiet', '--message', 'work')
  }
  const pair = (name, changing, ours, theirs) => {
    const after = (directory, work) => async () => {
      if (changing) await change(directory)
      return stopwatch(work)
    }
    const contenders = [{ name, measure: after(task.path, ours) }]
    return compare({ rounds, warmUp, against: after(plain.path, theirs), contenders })
  }

  // Some change comes first, so that there is a checkpoint that nothing has changed since.
  const pin = () => task.checkpoint()
  const [changed] = await pair('files changed', true, pin, commit)
  const status = () => git(plain.path, 'status', '--porcelain')
  const [unchanged] = await pair('nothing changed', false, pin, status)
  await task.abandon()
  await plain.drop()
  return [unchanged, changed]
}

export function rowsOf([unchanged, changed], { files, changed: number, bars }) {
  const inFiles = `${count(files)} files`
  return [
    timeRow(unchanged, {
      measure: `checkpoint, nothing changed, ${inFiles}`,
      against: 'git status',
      most: bars.unchanged,
    }),
    timeRow(changed, {
      measure: `checkpoint, ${number} of ${inFiles} changed`,
      against: 'git add -A && git commit',
      most: bars.changed,
    }),
  ]
}
