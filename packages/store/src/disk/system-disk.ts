import { closeSync, fsync, mkdirSync, openSync, readdirSync, renameSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { LockFile } from '../locks/lock-file.js'
import type { Disk } from './disk.js'
import { SystemFile } from './system-file.js'

const FLAGS = { read: 'r', write: 'r+', create: 'w+', new: 'wx+' } as const

const fsyncing = promisify(fsync)

/** The file system of this machine. */
export const systemDisk: Disk = {
  list(directory) {
    try {
      return readdirSync(directory)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  },
  exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  makeDirectory: (path) => void mkdirSync(path, { recursive: true }),
  open: (path, mode) => new SystemFile(path, openSync(path, FLAGS[mode])),
  rename: (from, to) => renameSync(from, to),
  async syncDirectory(path) {
    const fd = openSync(path, 'r')
    try {
      await fsyncing(fd)
    } finally {
      closeSync(fd)
    }
  },
  lockAt: (path, use) => new LockFile(path, use),
}
