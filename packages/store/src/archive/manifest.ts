import { statSync } from 'node:fs'
import { readSealed, writeSealed } from './sealed-file.js'
import { seal } from './sealed.js'
import type { Shard } from './shard-file.js'

/** Rises whenever the manifest or the shards change their form; another number is no archive. */
const FORMAT = 2

/** What an archive consists of, and what its owner keeps with it. */
export interface Manifest {
  readonly format: number
  /** The owner's own, which changes in the same instant as the list of shards. */
  readonly meta: object
  readonly shards: readonly (readonly [prefix: string, shard: Shard])[]
}

export function writeManifest(path: string, meta: object, shards: ReadonlyMap<string, Shard>): void {
  const manifest: Manifest = { format: FORMAT, meta, shards: [...shards] }
  writeSealed(path, seal(manifest))
}

/** The manifest, and when its file was written; null if it is missing, damaged or of another format. */
export function readManifest(path: string): { readonly manifest: Manifest; readonly written: number } | null {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  const sealed = readSealed(path)
  if (written === undefined || sealed === null) return null
  const manifest = JSON.parse(sealed.json) as Manifest | null
  return manifest?.format === FORMAT ? { manifest, written } : null
}
