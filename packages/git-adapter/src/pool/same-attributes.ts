import { git } from '../git/run.js'
import type { Site } from '../site.js'

/**
 * Whether two commits have the same attributes: where they differ, git could write another file for the same object, and would not
 * look at one that is there. False where one of them is gone.
 */
export async function haveSameAttributes({ repository }: Site, one: string, other: string): Promise<boolean> {
  if (one === other) return true
  const args = ['diff-tree', '-r', '--quiet', one, other, '--', ':(glob)**/.gitattributes']
  return (await git(repository.place, { args, answers: [1, 128] })).exitCode === 0
}
