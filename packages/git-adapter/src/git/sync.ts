import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { SyncError } from '../errors/disk-errors.js'

const run = promisify(execFile)

/** By device: the sync that has not begun yet, and the one that is under way. */
const waiting = new Map<number, Promise<void>>()
const running = new Map<number, Promise<void>>()

/**
 * Writes everything that the file systems of some paths hold in memory to their disks: what other processes wrote without
 * syncing is safe then, too. Whoever asks while a sync is under way shares the next one with all who ask meanwhile.
 *
 * @param paths of one that does not exist the directory counts in which it would be
 * @throws {SyncError} when something could not be written
 */
export async function syncFileSystems(...paths: readonly string[]): Promise<void> {
  const found = await Promise.all(paths.map(standing))
  const byDevice = new Map(found.map(({ device, path }) => [device, path]))
  await Promise.all([...byDevice].map(([device, path]) => shared(device, path)))
}

function shared(device: number, path: string): Promise<void> {
  const next = waiting.get(device) ?? following(running.get(device), device, path)
  waiting.set(device, next)
  return next
}

async function following(before: Promise<void> | undefined, device: number, path: string): Promise<void> {
  // How the one before ended is for those who asked for it.
  await before?.catch(() => undefined)
  waiting.delete(device)
  const current = sync(path)
  running.set(device, current)
  try {
    await current
  } finally {
    if (running.get(device) === current) running.delete(device)
  }
}

/** Where `sync` knows no `-f` (it is not in POSIX), all file systems are synced. */
async function sync(path: string): Promise<void> {
  // What it says of an option is read.
  const env = { ...process.env, LC_ALL: 'C' }
  try {
    await run('sync', ['-f', path], { env })
  } catch (error) {
    const now = await standing(path)
    // A worktree may be deleted meanwhile; its file system is still there.
    if (now.path !== path) return sync(now.path)
    const { stderr = '', message } = error as Error & { readonly stderr?: string }
    if (!/^[^/]*(?:(?:illegal|invalid|unrecognized) option|usage:)/im.test(stderr))
      throw new SyncError(path, stderr.trim() || message, error)
    await run('sync')
  }
}

async function standing(path: string): Promise<{ readonly device: number; readonly path: string }> {
  try {
    return { device: (await stat(path)).dev, path }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return standing(dirname(path))
  }
}
