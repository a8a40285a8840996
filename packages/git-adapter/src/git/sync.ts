import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SyncError } from '../errors/disk-errors.js'
import { STARTER } from '../process/starter.js'
import { withoutGit } from './environment.js'

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
  const said = await run(path, ['-f', path])
  if (said === null) return
  const now = await standing(path)
  // A worktree may be deleted meanwhile; its file system is still there.
  if (now.path !== path) return sync(now.path)
  const isOption = /^[^/]*(?:(?:illegal|invalid|unrecognized) option|usage:)/im.test(said)
  const left = isOption ? await run(path, []) : said
  if (left !== null) throw new SyncError(path, left, null)
}

/** Null when all is on the disk, else what was said. */
async function run(path: string, args: readonly string[]): Promise<string | null> {
  // What it says of an option is read.
  const env = { ...withoutGit(process.env), LC_ALL: 'C' }
  try {
    const start = { program: 'sync', args, cwd: '/', env, input: '' }
    const { exitCode, stderr } = await STARTER.start(start).end
    return exitCode === 0 ? null : stderr.toString('utf8').trim() || `sync ended with ${exitCode}`
  } catch (error) {
    throw new SyncError(path, (error as Error).message, error)
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
