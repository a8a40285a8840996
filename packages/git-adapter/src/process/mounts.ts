import { readFile, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isThere } from '../files/look.js'

/** A directory that something is mounted on, and what of which file system is seen there. */
interface Mount {
  /** Major and minor number. */
  readonly device: string
  /** In that file system. */
  readonly root: string
  readonly at: string
}

/**
 * Tells directories from one another by file system and by the path in it. A container has other paths for what is mounted
 * into it, and its own directories may have paths that mean something else here. Only what the kernel tells of mounts is
 * read, and no file system is asked: one that does not answer would keep us waiting.
 */
export class Mounts {
  readonly #byNamespace = new Map<string, readonly Mount[]>()
  #isTold: Promise<boolean> | null = null

  /**
   * Where a path leads in the eyes of a process; the same text for the same directory.
   *
   * @param path absolute, without symbolic links
   */
  async placeOf(pid: string, path: string): Promise<string> {
    // Not every system that has a /proc tells of mounts; there a path is all that is known.
    this.#isTold ??= isThere('/proc/self/ns/mnt')
    if (!(await this.#isTold)) return path
    const process = join('/proc', pid)
    const namespace = await readlink(join(process, 'ns', 'mnt'))
    const mounts = this.#byNamespace.get(namespace) ?? (await readMounts(process))
    this.#byNamespace.set(namespace, mounts)
    let found: Mount = { device: '', root: '/', at: '/' }
    // Of two at one place the later one hides the other.
    for (const mount of mounts) {
      if (isWithin(path, mount.at) && mount.at.length >= found.at.length) found = mount
    }
    return `${found.device}:${join(found.root, relative(found.at, path))}`
  }
}

/** Where something is mounted below a directory, as Linux tells it; elsewhere nothing is known. */
export async function mountsBelow(directory: string): Promise<readonly string[]> {
  if (!(await isThere('/proc/self/mountinfo'))) return []
  return (await readMounts('/proc/self')).map(({ at }) => at).filter((at) => isWithin(at, directory))
}

/** Whether a place is another one, or below it. */
export function isWithin(place: string, other: string): boolean {
  return place === other || place.startsWith(other.endsWith('/') ? other : `${other}/`)
}

/** A line begins with two numbers, the device, the path in its file system, and where that is mounted. */
const LINE = /^\d+ \d+ (\S+) (\S+) (\S+) /

async function readMounts(process: string): Promise<readonly Mount[]> {
  const lines = (await readFile(join(process, 'mountinfo'), 'utf8')).split('\n')
  return lines.flatMap((line) => {
    const [, device, root, at] = LINE.exec(line) ?? []
    if (device === undefined || root === undefined || at === undefined) return []
    return [{ device, root: unescaped(root), at: unescaped(at) }]
  })
}

/** Blanks, line ends and backslashes are written as octal numbers. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  )
}
