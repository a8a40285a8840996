import { altered, onFiles } from './altered.mjs'

/** Disks that break their word, each in one way; a process has one of them instead of the good one. */
export const weaknesses = {
  'a sync does nothing': onFiles(() => ({ sync: async () => {} })),
  'a sync says that it is done before it is': onFiles((file) => ({
    sync: async () => {
      file.sync().catch(() => {})
    },
  })),
  'a sync of a directory does nothing': (disk) => altered(disk, { syncDirectory: async () => {} }),
  'a reader does not sync': onFiles((file, mode) => (mode === 'read' ? { sync: async () => {} } : {})),
  'a failed sync is not told': onFiles((file) => ({ sync: () => file.sync().catch(() => {}) })),
  'a short write counts as a whole one': onFiles((file) => ({
    write: (bytes, offset) => {
      file.write(bytes, offset)
      return bytes.length
    },
  })),
  'a lock excludes nobody': (disk) =>
    altered(disk, { lockAt: () => ({ lock: async () => {}, tryLock: () => true, unlock() {}, close() {} }) }),
}
