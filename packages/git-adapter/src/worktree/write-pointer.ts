import { randomUUID } from 'node:crypto'
import { link, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from '../files/look.js'
import { makeDirectory } from '../files/make-directory.js'
import { asideOf } from './aside.js'
import { makingPath, tidyUp } from './layout.js'

/**
 * Writes a worktree's `.git` file. In the place of a file that is one rename; anything else has to make room first, and
 * a kill between the two leaves no `.git`, which is where the same repair goes on from. The draft of a repair that was
 * killed lies where worktrees are made, and is thrown away like them.
 *
 * @param keep whether a file that stands there is kept, too
 */
export async function writePointer(path: string, gitDir: string, task: string, keep: boolean): Promise<void> {
  const file = join(path, '.git')
  const found = await lookAt(file)
  if (found !== null && (keep || !found.isFile()))
    await setAside(path, found.isFile() ? nameTwice : rename, task)
  const making = makingPath({ id: task, path })
  const draft = join(making, 'new')
  await makeDirectory(making)
  await writeFile(draft, `gitdir: ${gitDir}\n`, { flush: true })
  await rename(draft, file)
  await tidyUp(making)
}

async function setAside(
  path: string,
  take: (from: string, to: string) => Promise<void>,
  task: string,
): Promise<void> {
  const aside = join(asideOf(path), `${task}~${randomUUID()}`)
  await makeDirectory(aside)
  await take(join(path, '.git'), join(aside, '.git'))
}

/** Of a file that is somebody else's the system may allow no second name; that one is moved. */
async function nameTwice(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => rename(from, to))
}
