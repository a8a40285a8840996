import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemDisk, type Disk, type DiskFile, type DiskLock } from '@coppice/store'

/** Real files, which a power cut puts back to what was synced of them last, and a process that dies with the power. */
export class ForgetfulDisk {
  readonly #synced = new Map<string, { readonly content: Buffer; readonly order: number }>()
  #syncs = 0
  readonly #directories = new Set<string>()
  readonly #locks = new Set<DiskLock>()
  #isDead = false

  /** As the machine has it just now: after the cut it is one that forgets nothing any more. */
  get disk(): Disk {
    return this.#isDead ? systemDisk : this.#forgetful
  }

  readonly #forgetful: Disk = {
    ...systemDisk,
    open: (path, mode) => {
      this.#requireAlive()
      if (mode !== 'read') this.#directories.add(dirname(path))
      return this.#fileAt(path, systemDisk.open(path, mode))
    },
    rename: (from, to) => {
      this.#requireAlive()
      systemDisk.rename(from, to)
      const synced = this.#synced.get(from)
      if (synced !== undefined) this.#synced.set(to, synced)
    },
    lockAt: (path, use) => {
      const lock = systemDisk.lockAt(path, use)
      this.#locks.add(lock)
      return lock
    },
  }

  cut(): void {
    this.#isDead = true
    for (const directory of this.#directories) {
      for (const name of readdirSync(directory).filter((each) => each.endsWith('.jsonl'))) {
        const path = join(directory, name)
        writeFileSync(path, this.#synced.get(path)?.content ?? '')
      }
    }
    for (const lock of this.#locks) lock.close()
  }

  #fileAt(path: string, file: DiskFile): DiskFile {
    return {
      size: () => file.size(),
      isNamed: () => file.isNamed(),
      read: (buffer, offset) => file.read(buffer, offset),
      readNow: (buffer, offset) => file.readNow(buffer, offset),
      write: (bytes, offset) => {
        this.#requireAlive()
        return file.write(bytes, offset)
      },
      truncate: (size) => {
        this.#requireAlive()
        file.truncate(size)
      },
      sync: async () => {
        const synced = { content: readFileSync(path), order: (this.#syncs += 1) }
        await file.sync()
        this.#requireAlive()
        // Of two at once, the one that began first may end last.
        if (synced.order > (this.#synced.get(path)?.order ?? 0)) this.#synced.set(path, synced)
      },
      close: () => file.close(),
    }
  }

  #requireAlive(): void {
    if (this.#isDead) throw new Error('the power is cut')
  }
}
