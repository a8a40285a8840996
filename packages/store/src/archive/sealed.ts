import { hash } from 'node:crypto'

/** JSON text with the SHA-256 of it, in hexadecimal. */
export interface Sealed {
  readonly checksum: string
  readonly json: string
}

const BEFORE_CHECKSUM = '{"checksum":"'
const BEFORE_JSON = '","content":'
const CHECKSUM_END = BEFORE_CHECKSUM.length + 64
const JSON_START = CHECKSUM_END + BEFORE_JSON.length

export function seal(value: unknown): Sealed {
  const json = JSON.stringify(value)
  return { checksum: hash('sha256', json), json }
}

/** A file's text, which is itself JSON: `{"checksum":"…","content":…}`. */
export function textOf({ checksum, json }: Sealed): string {
  return `${BEFORE_CHECKSUM}${checksum}${BEFORE_JSON}${json}}`
}

/** What a file's text holds, or null if any byte is not as it was written. */
export function unseal(text: string): Sealed | null {
  const sealed = {
    checksum: text.slice(BEFORE_CHECKSUM.length, CHECKSUM_END),
    json: text.slice(JSON_START, -1),
  }
  return text === textOf(sealed) && sealed.checksum === hash('sha256', sealed.json) ? sealed : null
}
