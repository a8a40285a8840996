import { RepairRefusedError, type EffectContext, type TaskState, type WorldAction } from '@coppice/core'
import { contentInPlace } from './content-in-place.js'
import { discardEntry, uprootLeftover } from './throw-away.js'
import { emptyTrash } from './discard.js'
import { remakeEntry } from './remake-entry.js'
import { isMarked } from './ownership.js'
import { underRepositoryLock, type SimulatedSite } from './site.js'
import { writeEntryFile } from './write-entry-file.js'

/** Does one step of a repair. Each looks at what is there before it acts, and does nothing where it was done before. */
export async function repair(
  site: SimulatedSite,
  action: WorldAction,
  task: TaskState | null,
  { at }: EffectContext,
): Promise<void> {
  switch (action.kind) {
    case 'write-file':
      return writeEntryFile(site, action)
    case 'move-ref':
      return moveRef(site, action)
    case 'point-worktree':
      return pointWorktree(site, action)
    case 'remake-entry':
      return remakeEntry(site, known(action, task))
    case 'uproot':
      return uprootLeftover(site, known(action, task), action.staging)
    case 'empty-trash':
      return emptyTrash(site, known(action, task))
    case 'drop-entry':
      return discardEntry(site, known(action, task), action.gitDir, at)
    case 'set-aside-lock':
    case 'set-config':
    case 'empty-entry-trash':
    case 'finish-landing':
      throw new RepairRefusedError(action.kind, 'a simulated repository has nothing of the kind')
  }
}

function known({ task: id }: { readonly task: string }, task: TaskState | null): TaskState {
  if (task?.id !== id) throw new RepairRefusedError(id, 'the log knows no such task')
  return task
}

type Action<Kind extends WorldAction['kind']> = Extract<WorldAction, { readonly kind: Kind }>

async function moveRef(
  { repository, steps }: SimulatedSite,
  { ref, from, to }: Action<'move-ref'>,
): Promise<void> {
  if (repository.refs.get(ref) === to) return
  await steps.step('repair: move the ref')
  if (!repository.refs.move(ref, from, to)) throw new RepairRefusedError(ref, 'it has moved since')
}

/** Has a worktree's `.git` name its git directory, which must be ours and must know the worktree. */
function pointWorktree(
  site: SimulatedSite,
  { task, path, gitDir, names }: Action<'point-worktree'>,
): Promise<void> {
  const { repository, steps } = site
  return underRepositoryLock(site, undefined, async () => {
    if (repository.entries.get(gitDir)?.path !== path || !isMarked(repository, gitDir, task)) {
      throw new RepairRefusedError(path, 'git’s entry of it has changed since')
    }
    const directory = repository.directories.get(path)
    if (directory === undefined) throw new RepairRefusedError(path, 'it is gone')
    if (directory.names === gitDir) return
    if (directory.names !== names) throw new RepairRefusedError(path, 'its .git has changed since')
    if (contentInPlace(repository, path, gitDir) !== 'own') {
      throw new RepairRefusedError(path, 'nothing of what the worktree held is in it')
    }
    await steps.step('repair: write the .git file')
    repository.directories.set(path, { ...directory, names: gitDir })
  })
}
