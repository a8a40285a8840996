import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The system calls that change something on a disk. */
export const CALLS = [
  [
    'openat',
    'rename',
    'renameat',
    'renameat2',
    'link',
    'linkat',
    'unlink',
    'unlinkat',
    'mkdir',
    'mkdirat',
    'rmdir',
  ],
  ['symlink', 'symlinkat', 'chmod', 'fchmod', 'fchmodat', 'write', 'pwrite64', 'writev', 'pwritev'],
  [
    'ftruncate',
    'fallocate',
    'fsync',
    'fdatasync',
    'syncfs',
    'sync_file_range',
    'utimensat',
    'copy_file_range',
  ],
].flat()

/** The git processes of a survey, in their order: what each was asked, and its calls that change something. */
export function gitProcesses(directory) {
  const numbers = readdirSync(directory)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return numbers
    .toSorted((a, b) => a - b)
    .map((number) => ({
      number,
      asked: readFileSync(join(directory, String(number)), 'utf8').trim(),
      places: placesIn(readFileSync(join(directory, `${number}.calls`), 'utf8')),
    }))
}

const ENTRY = /^(?:(\d+)\s+)?(\w+)\((.*)$/

/** The calls that change a file, each as the `nth` of its name in its thread, which is how strace counts. */
export function placesIn(trace) {
  const counts = new Map()
  const places = new Map()
  for (const line of trace.split('\n')) {
    const [, thread = '', call, text] = ENTRY.exec(line) ?? []
    if (call === undefined) continue
    const key = `${thread} ${call}`
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    if (isChange(call, text)) places.set(`${call}.${nth}`, { call, nth })
  }
  return [...places.values()]
}

function isChange(call, text) {
  if (call === 'openat') return /O_CREAT|O_TRUNC/.test(text)
  // Other descriptors than those of files are pipes and wake-up calls.
  return !call.includes('write') || /^\d+<\//.test(text)
}
