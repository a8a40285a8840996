import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { LockFile } from '../locks/lock-file.js'
import { ArchiveDamagedError } from './archive-damaged-error.js'
import { readManifest, writeManifest } from './manifest.js'
import { Readers } from './readers.js'
import { RecentlyUsed } from './recently-used.js'
import { checkShard, readShard, writeShard, type Shard } from './shard-file.js'

/** Hexadecimal digits of a key's hash that choose its shard: at most 256 shards. */
const PREFIX_DIGITS = 2

/** Bytes of the shards whose content stays in memory: the versions of some 50,000 streams, or about 2,000 tasks. */
const MAX_BYTES_IN_MEMORY = 4_194_304

const READERS_LOCK = 'readers.lock'

/**
 * A map from keys to JSON values on disk, of which only what is asked for is read. It is a cache of something that its
 * owner can make again: nothing is synced, and what is missing or damaged shows by its checksum.
 *
 * `<directory>/<name>.json` lists the shards, `<directory>/<name>/<shard>-<checksum>.json` hold the values. No file is
 * ever changed: a save writes the touched shards under new names, then the list, in one step together with what the
 * owner keeps with it. An archive goes on with the shards that it opened or saved last, whatever other processes save.
 *
 *     const archive = new Archive<number>(stateDirectory, 'heads')
 *     const meta = await archive.open()        // null: no archive that is whole, so begin from nothing
 *     archive.get('task/fix-login')            // undefined: there is none
 *     await archive.save({ sequence: 7 }, new Map([['task/fix-login', 3]]))
 *     archive.close()
 *
 * Where anything throws `ArchiveDamagedError`, its owner discards the archive, makes everything again from the log, and
 * saves all of it. One caller at a time opens, saves, discards or closes; `get` works
 * beside a save, and so does `entries` when it is gone through at once.
 */
export class Archive<V> {
  /** Of the list. */
  readonly path: string
  readonly #shardDirectory: string
  readonly #saveLock: string
  readonly #readers: Readers
  /** By what the hashes of its keys begin with. */
  #shards: ReadonlyMap<string, Shard> = new Map()
  /** Rises when everything is discarded, which ends a save that is under way. */
  #generation = 0
  readonly #inMemory = new RecentlyUsed<ReadonlyMap<string, V>>(MAX_BYTES_IN_MEMORY)

  constructor(directory: string, name: string) {
    this.path = join(directory, `${name}.json`)
    this.#saveLock = join(directory, `${name}.lock`)
    this.#shardDirectory = join(directory, name)
    this.#readers = new Readers(join(this.#shardDirectory, READERS_LOCK))
  }

  /**
   * Takes up what was saved last, and answers with what its owner kept with it; null if there is nothing that is
   * whole, and then the archive is empty. Looks at every shard's file, reads those that were touched since they were
   * saved, and writes nothing.
   */
  async open(): Promise<object | null> {
    this.discard()
    if (!(await this.#readers.enter())) return null
    const found = readManifest(this.path)
    if (found !== null) {
      const { manifest, written } = found
      const shards = new Map<string, Shard>()
      for (const [prefix, shard] of manifest.shards) {
        const checked = checkShard(this.#shardDirectory, shard, written)
        if (checked !== null) shards.set(prefix, checked)
      }
      if (shards.size === manifest.shards.length) {
        this.#shards = shards
        return manifest.meta
      }
    }
    this.discard()
    return null
  }

  /**
   * @throws {ArchiveDamagedError} when the value's shard has gone bad since it was opened
   */
  get(key: string): V | undefined {
    const shard = this.#shards.get(prefixOf(key))
    if (shard === undefined) return undefined
    return this.#contentOf(shard).get(key)
  }

  /**
   * Everything, in no order. Holds one shard at a time.
   *
   * @throws {ArchiveDamagedError} when a shard has gone bad since it was opened
   */
  *entries(): Generator<[key: string, value: V], void> {
    for (const shard of this.#shards.values()) yield* this.#read(shard)
  }

  /**
   * Adds and replaces values, and what the owner keeps with them. Answers false and changes nothing if another
   * process is just saving, or if this archive was discarded meanwhile. What others have saved since this archive was opened is not merged but replaced.
   *
   * @throws {ArchiveDamagedError} when a touched shard that is not in memory has gone bad since it was opened
   * @throws what the file system throws, when the files or the lock cannot be written
   */
  async save(meta: object, changes: ReadonlyMap<string, V>): Promise<boolean> {
    const lock = new LockFile(this.#saveLock)
    const generation = this.#generation
    try {
      if (!lock.tryLock()) return false
      mkdirSync(this.#shardDirectory, { recursive: true })
      const shards = new Map(this.#shards)
      for (const [prefix, part] of groupByShard(changes)) {
        // A large save leaves the process time for other work in between.
        await turn()
        // What was discarded meanwhile must not be published with what has changed since.
        if (generation !== this.#generation) return false
        shards.set(prefix, this.#rewritten(shards.get(prefix), prefix, part))
      }
      writeManifest(this.path, meta, shards)
      this.#shards = shards
      await this.#readers.whenAlone(() => this.#removeUnlisted())
      return true
    } finally {
      lock.close()
    }
  }

  /** Is empty from now on, so that the next save has to be given everything. The files stay until then. */
  discard(): void {
    this.close()
    this.#generation += 1
    this.#shards = new Map()
    this.#inMemory.clear()
  }

  /** Lets others remove the files when they save. What is still there can be read. */
  close(): void {
    this.#readers.leave()
  }

  #rewritten(shard: Shard | undefined, prefix: string, changes: Iterable<readonly [string, V]>): Shard {
    const before = shard === undefined ? [] : this.#contentOf(shard)
    return writeShard(this.#shardDirectory, prefix, new Map([...before, ...changes]))
  }

  #contentOf(shard: Shard): ReadonlyMap<string, V> {
    return this.#inMemory.get(shard.name, shard.mark.size, () => this.#read(shard))
  }

  #read(shard: Shard): ReadonlyMap<string, V> {
    const content = readShard<V>(this.#shardDirectory, shard)
    if (content === null) throw new ArchiveDamagedError(join(this.#shardDirectory, shard.name))
    return content
  }

  #removeUnlisted(): void {
    const listed = new Set([...this.#shards.values()].map(({ name }) => name))
    for (const name of readdirSync(this.#shardDirectory)) {
      if (name !== READERS_LOCK && !listed.has(name))
        rmSync(join(this.#shardDirectory, name), { recursive: true })
    }
  }
}

function prefixOf(key: string): string {
  return hash('sha256', key).slice(0, PREFIX_DIGITS)
}

function groupByShard<V>(changes: ReadonlyMap<string, V>): Map<string, [string, V][]> {
  const groups = new Map<string, [string, V][]>()
  for (const change of changes) {
    const prefix = prefixOf(change[0])
    const group = groups.get(prefix)
    if (group === undefined) groups.set(prefix, [change])
    else group.push(change)
  }
  return groups
}
