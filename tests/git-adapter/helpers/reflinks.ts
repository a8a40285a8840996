import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** The smallest that `mkfs.btrfs` takes is a little above 100 MiB. */
const IMAGE_BYTES = 256 * 2 ** 20

/**
 * A file system that can clone files, in an image of its own for a file of tests; or what keeps this machine from having one: it takes
 * `mkfs.btrfs` (the Debian package btrfs-progs), `mount` and the right to use them.
 */
export class Reflinks {
  readonly obstacle: string | null
  readonly #base = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-reflinks-')))
  readonly #mounted = join(this.#base, 'mounted')

  constructor() {
    this.obstacle = this.#mount()
    afterAll(() => {
      // Git processes that tell of objects end a little later.
      if (this.obstacle === null) execFileSync('umount', ['--lazy', this.#mounted])
      rmSync(this.#base, { recursive: true })
    })
  }

  /** A fresh directory on it. */
  scratch(): string {
    return mkdtempSync(join(this.#mounted, 'test-'))
  }

  #mount(): string | null {
    const image = join(this.#base, 'image')
    mkdirSync(this.#mounted)
    writeFileSync(image, '')
    truncateSync(image, IMAGE_BYTES)
    try {
      execFileSync('mkfs.btrfs', ['-q', image], { stdio: 'pipe' })
      execFileSync('mount', ['-o', 'loop', image, this.#mounted], { stdio: 'pipe' })
      return null
    } catch (error) {
      return String(error)
    }
  }
}

/** Whether a file shares its blocks with another one. */
export function isShared(file: string): boolean {
  return /\bshared\b/.test(execFileSync('filefrag', ['-v', file], { encoding: 'utf8' }))
}
