import { createHash } from 'node:crypto'
import { git } from '../git/run.js'
import type { Site } from '../site.js'

/**
 * A hash of what set-up depends on at a commit: the command, and the files and directories that are declared to decide what it
 * makes. Null where none are declared, for then it has to run for each task.
 */
export async function setupKey({ repository, setup }: Site, commit: string): Promise<string | null> {
  if (setup === null || setup.inputs.length === 0) return null
  const args = ['ls-tree', '-z', commit, '--', ...setup.inputs]
  const { stdout } = await git(repository.place, { args })
  const parts = [setup.command, setup.inputs, stdout.toString('latin1')]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
