import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RecordedFact } from '@coppice/core'
import { header, line, segmentPath } from '../../store/helpers/log-files.js'

/** Facts that one append brings, all of one stream. */
export type Append = readonly RecordedFact[]

/** Writes appends as version 1 of the format had them. */
export function writeVersionOne(directory: string, appends: readonly Append[]): void {
  const first = header({ v: 1 })
  let { text, hash } = first
  for (const append of appends) {
    for (const [index, { sequence, version, stream, type, at, data }] of append.entries()) {
      const more = append.length - 1 - index
      const next = line(hash, { v: 1, seq: sequence, version, more, stream, type, at, data })
      text += next.text
      hash = next.hash
    }
  }
  const path = segmentPath(directory)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
