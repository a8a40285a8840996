import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Disk } from './disk.mjs'

/**
 * Shows that a cut drops what was not synced, and only that: without it, the campaign would prove nothing.
 *
 * @returns what was left of a file that was synced and of one that was not
 */
export async function controlExperiment(options) {
  const disk = new Disk(options)
  const paths = { synced: join(disk.root, 'one', 'synced'), unsynced: join(disk.root, 'other', 'unsynced') }
  write(paths.synced, true)
  write(paths.unsynced, false)
  const cut = await disk.prepareCut()
  await cut()
  disk.unmount()
  disk.mount()
  const left = Object.entries(paths).map(([name, path]) => [
    name,
    existsSync(path) ? readFileSync(path, 'utf8') : null,
  ])
  disk.destroy()
  return Object.fromEntries(left)
}

function write(path, isSynced) {
  mkdirSync(join(path, '..'))
  const fd = openSync(path, 'w')
  writeSync(fd, 'written')
  if (isSynced) fsyncSync(fd)
  closeSync(fd)
}
