import { RepairRefusedError, type EffectContext, type TaskState, type WorldAction } from '@coppice/core'
import { finishMarked } from '../merge/finish-marked.js'
import { underLandingLock, type Site } from '../site.js'
import { repairRef } from './move-ref.js'
import { pointWorktree } from './point-worktree.js'
import { remakeEntry } from './remake-entry.js'
import { setAsideLock } from './set-aside-lock.js'
import { setConfig } from './set-config.js'
import { dropOwnEntry, emptyEntryTrash, emptyOwnTrash, uprootLeftover } from './throw-away.js'
import { writeEntryFile } from './write-file.js'

/** Does one step of a repair. Each looks at what is there before it acts, and does nothing where it was done before. */
export function repair(
  site: Site,
  action: WorldAction,
  task: TaskState | null,
  { at, signal }: EffectContext,
): Promise<void> {
  switch (action.kind) {
    case 'write-file':
      return writeEntryFile(site, action)
    case 'move-ref':
      return repairRef(site, action)
    case 'set-aside-lock':
      return setAsideLock(site, action)
    case 'set-config':
      return setConfig(site, action)
    case 'point-worktree':
      return pointWorktree(site, action)
    case 'remake-entry':
      return remakeEntry(site, known(action, task))
    case 'uproot':
      return uprootLeftover(site, known(action, task), action.staging)
    case 'empty-trash':
      return emptyOwnTrash(site, known(action, task), at)
    case 'drop-entry':
      return dropOwnEntry(site, known(action, task), action.gitDir, at)
    case 'empty-entry-trash':
      return emptyEntryTrash(site)
    case 'finish-landing':
      return underLandingLock(site, signal, () => finishMarked(site, signal))
  }
}

function known({ task: id }: { readonly task: string }, task: TaskState | null): TaskState {
  if (task?.id !== id) throw new RepairRefusedError(id, 'the log knows no such task')
  return task
}
