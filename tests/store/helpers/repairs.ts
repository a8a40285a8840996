import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '@coppice/store'
import { segmentPath } from './log-files.js'
import { temporaryDirectory } from './temporary.js'

/** A copy of a log, to be damaged. */
export function copyOf(directory: string): string {
  const copy = temporaryDirectory()
  cpSync(directory, copy, { recursive: true })
  return copy
}

/** A log of these files, by their names. */
export function logOf(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'log'))
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, 'log', name), text, 'latin1')
  return directory
}

/** A segment's lines, each with its newline; the header is the first. */
export function linesOf(directory: string, segment = 1): string[] {
  return readFileSync(segmentPath(directory, segment), 'latin1').split(/(?<=\n)/)
}

export function setLines(directory: string, segment: number, lines: readonly string[]): void {
  writeFileSync(segmentPath(directory, segment), lines.join(''), 'latin1')
}

/** Changes lines of a segment, by number; the header is line 1, as in what is found. */
export function changeLine(
  directory: string,
  segment: number,
  number: number,
  change: (line: string) => string,
): void {
  const lines = linesOf(directory, segment)
  setLines(
    directory,
    segment,
    lines.map((line, index) => (index === number - 1 ? change(line) : line)),
  )
}

/** Another letter in the place of one that is in every record. */
export function flip(line: string): string {
  return line.replace('"seq"', '"sEq"')
}

/** What was found where, shortly. */
export function placesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ kind, segment, line }) => `${kind} ${segment}:${line}`)
}
