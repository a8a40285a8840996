import { join } from 'node:path'
import { addWorktree, dropWorktree } from './git.mjs'

/** A worktree as one has it without any tool: a directory beside the repository and a branch of the same name. */
export class PlainWorktree {
  constructor(repository, name) {
    this.repository = repository
    this.branch = name
    this.path = join(`${repository}.plain`, name)
  }

  add(base) {
    return addWorktree(this.repository, this.path, this.branch, base)
  }

  drop() {
    return dropWorktree(this.repository, this.path, this.branch)
  }
}

/** Gives names that are not given twice in a run; they serve as ids of tasks and as branches. */
export function namesFor(purpose) {
  let number = 0
  return () => `${purpose}-${++number}`
}
