import type { TaskState } from '@coppice/core'
import { SetupError } from '../errors/worktree-errors.js'
import { noteSetUp } from '../pool/pristine.js'
import { runCommand } from '../process/run-command.js'
import type { Site } from '../site.js'
import { directoriesKept, ignoredDirectories } from './kept.js'

export interface ToSetUp {
  readonly gitDir: string
  /** See `setupKey`. */
  readonly key: string | null
  /** The key of the set-up whose directories the worktree has kept; null where it has none. */
  readonly done: string | null
}

/**
 * Makes a worktree ready by the command that is configured for it: once for each task, or not at all where the worktree has kept
 * what the command made of the same files.
 *
 * @returns whether the command was run
 * @throws {SetupError} when it does not succeed
 */
export async function setUp(
  site: Site,
  { id, path }: TaskState,
  { gitDir, key, done }: ToSetUp,
  signal?: AbortSignal,
): Promise<boolean> {
  if (site.setup === null) return false
  const isDone = key !== null && key === done
  if (!isDone) {
    const { command } = site.setup
    const variables = { COPPICE_TASK: id, COPPICE_PATH: path }
    const { exitCode, output } = await runCommand(path, command, variables, signal)
    if (exitCode !== 0) throw new SetupError(command, exitCode, output)
  }
  if (key !== null) {
    const made = await ignoredDirectories({ gitDir, workTree: path }, await directoriesKept(site, path))
    await noteSetUp(site, gitDir, { key, made })
  }
  return !isDone
}
