import { createHash } from 'node:crypto'

export const ZEROS = '0'.repeat(64)

/**
 * A line of the log as docs/log-format.md describes it, made without the code under test.
 *
 * @param previous the hash of the line before
 * @param body the JSON of the line without its hash and closing brace, as text or bytes
 */
export function seal(previous, body) {
  const hash = createHash('sha256').update(`${previous}"}\n`).update(body).digest('hex')
  return { bytes: Buffer.concat([Buffer.from(body), Buffer.from(`,"hash":"${hash}"}\n`)]), hash }
}

/** The JSON of fields as the body of a line. */
export function bodyOf(fields) {
  return JSON.stringify(fields).slice(0, -1)
}
