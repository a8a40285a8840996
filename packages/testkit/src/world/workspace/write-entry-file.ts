import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { branchRef } from '../../git-model/refs.js'
import type { Head, WorktreeEntry } from '../../git-model/worktree.js'
import { nameOf, parentOf, underRepositoryLock, type SimulatedSite } from './site.js'

type WriteFile = Extract<WorldAction, { readonly kind: 'write-file' }>

/** Gives a file in git's entry of a worktree its content. The path has to be such a file, and to say still what it said. */
export function writeEntryFile(site: SimulatedSite, { path, was, content }: WriteFile): Promise<void> {
  const { repository, steps } = site
  return underRepositoryLock(site, undefined, async () => {
    const entry = repository.entries.get(parentOf(path))
    const said = entry && textOf(entry, nameOf(path))
    if (said === undefined || entry === undefined) {
      throw new RepairRefusedError(path, 'it is no file of a worktree’s entry')
    }
    if (`${said}\n` === content) return
    if (said !== was) throw new RepairRefusedError(path, 'it has changed since')
    await steps.step('repair: write a file of git’s entry')
    repository.change(entry.gitDir, changeOf(nameOf(path), content.trim()))
  })
}

/** The files of an entry that the model has, as git writes them. */
function textOf({ head, path }: WorktreeEntry, name: string): string | undefined {
  if (name === 'gitdir') return `${path}/.git`
  if (name !== 'HEAD') return undefined
  return 'branch' in head ? `ref: ${branchRef(head.branch)}` : head.commit
}

function changeOf(name: string, text: string): Partial<WorktreeEntry> {
  if (name === 'gitdir') return { path: parentOf(text) }
  const [, branch] = /^ref: refs\/heads\/(.+)$/.exec(text) ?? []
  const head: Head = branch === undefined ? { commit: text } : { branch }
  return { head }
}
