/** Splits git's NUL-terminated output; names stay bytes, for a file name need not be UTF-8. */
export function splitNul(output: Buffer): Buffer[] {
  const fields: Buffer[] = []
  let start = 0
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    fields.push(output.subarray(start, end))
    start = end + 1
  }
  return fields
}

/** Joins names for a git command that reads them NUL-terminated. */
export function joinNul(fields: readonly Buffer[]): Buffer {
  const nul = Buffer.of(0)
  return Buffer.concat(fields.flatMap((field) => [field, nul]))
}

/** A path as text, each byte a character, since names need not be UTF-8. */
export function keyOf(path: Buffer): string {
  return path.toString('latin1')
}
