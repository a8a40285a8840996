import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { randomUUID } from 'node:crypto'
import { link, mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lookAt } from '../files/look.js'
import type { Site } from '../site.js'
import { holderOf, processesAt } from '../survey/processes.js'
import { gitAsideOf } from './aside.js'

type SetAsideLock = Extract<WorldAction, { readonly kind: 'set-aside-lock' }>

/** Takes a lock out of git's way if it is still the one that was found, and still nobody can be holding it. */
export async function setAsideLock(site: Site, { path, inode, mtimeMs }: SetAsideLock): Promise<void> {
  const found = await lookAt(path)
  if (found === null) return
  const holder =
    found.ino === inode && found.mtimeMs === mtimeMs
      ? holderOf(await processesAt(site), path, mtimeMs)
      : 'it is another one than was found'
  if (holder !== null) throw new RepairRefusedError(path, holder)
  const aside = gitAsideOf(site)
  await mkdir(aside, { recursive: true })
  const kept = join(aside, `${basename(path)}~${randomUUID()}`)
  await rename(path, kept)
  if ((await lookAt(kept))?.ino === inode) return
  // Between the look and the rename somebody took the lock anew; it is given back, unless a third one has it by now.
  await link(kept, path)
  throw new RepairRefusedError(path, 'somebody has just taken it')
}
