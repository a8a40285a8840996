import { basename } from 'node:path'
import type { Finding } from '@coppice/store'
import { printable } from './printable.js'

/** Where something was found, in words. */
export function placeText({ path, offset, line, sequence }: Finding): string {
  return `${printable(path)}, byte ${offset}, line ${line}, record ${sequence}`
}

/** What was found, in lines without their indentation. */
export function findingText(finding: Finding): string[] {
  switch (finding.kind) {
    case 'damaged': {
      const { expected, found, offset, end, records } = finding
      const where = end === offset ? '' : `, in ${end - offset} bytes`
      return [`expected ${expected}, found ${found}`, `${lostText(records)}${where}`]
    }
    case 'segments-missing': {
      const { segment, last, records } = finding
      const which = segment === last ? `segment ${segment} has` : `segments ${segment} to ${last} have`
      return [`${which} no file; ${lostText(records)}`]
    }
    case 'chain-broken':
      return [
        `expected ${finding.expected}`,
        `found ${finding.found}: it does not belong to the segment before it`,
      ]
    case 'newer-version':
      return [`format version ${finding.version}; this Coppice reads up to ${finding.supported}`]
    case 'unreadable':
      return [`it cannot be read: ${finding.reason}`]
    case 'wrong-stream-version':
      return [`expected version ${finding.expected} of ${finding.stream}, found version ${finding.found}`]
    case 'unknown-fact':
      return [`${finding.stream} has a fact of the unknown type ${JSON.stringify(finding.type)}`]
    case 'impossible-fact': {
      const { type, stream, status, reason } = finding
      const before = status === null ? 'before its request' : `while it is ${status}`
      return [
        reason === null ? `${stream} has ${type} ${before}` : `the data of ${type} cannot be used: ${reason}`,
      ]
    }
  }
}

/** A file's name alone, where the directory was told before. */
export function fileText(path: string): string {
  return printable(basename(path))
}

function lostText(records: number | null): string {
  if (records === null) return 'nobody knows how many records cannot be read'
  return `${counted(records, 'record')} cannot be read`
}

/** How many of something there are, in words. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
