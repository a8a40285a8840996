import { addFile, appendTo, spread } from '../edits.mjs'
import { git } from '../git.mjs'

/** Files that a task changes, besides one that it makes. */
const CHANGED = 2

/** Where tasks make their files, one each, which tells afterwards whose work is on a branch. */
const NOTES = 'notes'

/** What an agent does to a worktree; two tasks never do it to the same file. */
export async function edit(directory, { name, number, paths }) {
  await appendTo(directory, spread(paths, CHANGED, number), `// ${name}`)
  await addFile(directory, `${NOTES}/${name}.md`, `# ${name}\n\nAll that was asked for is done.\n`)
}

/** The names of the tasks whose work is on `main`. */
export async function landedOn(repository) {
  const names = await git(repository, 'ls-tree', '--name-only', 'main', `${NOTES}/`)
  return names.split('\n').map((path) => path.slice(`${NOTES}/`.length, -'.md'.length))
}
