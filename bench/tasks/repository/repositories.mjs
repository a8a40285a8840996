import { join } from 'node:path'
import { git } from '../git.mjs'
import { importCommit } from './import.mjs'
import { treeOf } from './tree.mjs'

/** The repositories of a run, by the number of their files; what takes long to make is made once. */
export class Repositories {
  #templates = new Map()
  #shared = new Map()
  #copies = 0

  /** @param {string} scratch where all of them lie */
  constructor(scratch) {
    this.scratch = scratch
  }

  /** One with `main` checked out that scenarios share; each takes away the worktrees that it made. */
  shared(files) {
    return remembered(this.#shared, files, () => this.copy(files))
  }

  /** A new one, for what cannot be shared. */
  async copy(files) {
    const template = await remembered(this.#templates, files, () => this.#template(files))
    const path = join(this.scratch, `copy-${++this.#copies}`, 'shop')
    await git(this.scratch, 'clone', '--quiet', '--local', '--origin', 'template', template, path)
    await git(path, 'remote', 'remove', 'template')
    return path
  }

  async #template(files) {
    process.stderr.write(`making a repository of ${files} files\n`)
    const path = join(this.scratch, `${files}.git`)
    await git(this.scratch, 'init', '--quiet', '--bare', path)
    await importCommit(path, { branch: 'main', from: null, files: treeOf(files) })
    return path
  }
}

/** What was made for a key before, or is made now. */
async function remembered(made, key, make) {
  if (!made.has(key)) made.set(key, await make())
  return made.get(key)
}
