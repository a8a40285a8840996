import type { LogReport } from '@coppice/store'
import { counted, fileText, findingText, placeText } from './describe-finding.js'
import { printable } from './printable.js'
import { table } from './table.js'

/** All that was found in a log, a line each. */
export function logText(report: LogReport): string {
  const findings = report.findings.flatMap((finding, index) => [
    `${index + 1}. ${placeText(finding)}`,
    ...findingText(finding).map((line) => `   ${printable(line)}`),
  ])
  return [headline(report), ...findings, factsOf(report)].join('\n')
}

/** Whether a log is good, in a line. */
export function headline({ healthy, findings, records, readable }: LogReport): string {
  if (healthy) return `the log is whole: ${counted(records, 'record')}, every hash is right`
  const { before, behind } = readable
  const places = counted(findings.length, 'place')
  return `the log is damaged in ${places}: ${counted(before, 'good record')} before that, ${behind} behind`
}

function factsOf(report: LogReport): string {
  const { directory, segments, bytes, streams, firstAt, lastAt, end, leftovers, caches } = report
  const lines: readonly (readonly [string, string | null])[] = [
    ['directory', directory],
    ['segments', `${segments}, ${bytes} bytes`],
    ['streams', String(streams)],
    ['time', firstAt && `${firstAt} to ${lastAt ?? firstAt}`],
    [
      'end',
      end.segment === 0 ? null : `record ${end.sequence}${end.hash === null ? '' : `, hash ${end.hash}`}`,
    ],
    ['behind it', tailText(report)],
    ...leftovers.map(({ kind, path, bytes: size }) => {
      const what = `${fileText(path)}${size === null ? '' : `, ${size} bytes`}: ${LEFTOVERS[kind]}`
      return ['left over', what] as const
    }),
    ...caches.map(({ name, state, sequence }) => {
      const upTo = sequence === null ? '' : ` (up to record ${sequence})`
      return ['cache', `${name}: ${CACHES[state]}${upTo}`] as const
    }),
  ]
  return table(lines.flatMap(([name, value]) => (value === null ? [] : [[`  ${name}`, value]])))
}

function tailText({ tail }: LogReport): string {
  switch (tail.kind) {
    case 'nothing':
      return 'nothing'
    case 'room':
      return `${tail.bytes} bytes of reserved room`
    case 'interrupted-write':
      return `${tail.bytes} bytes of a write that was interrupted, or is just going on`
  }
}

const LEFTOVERS: Readonly<Record<LogReport['leftovers'][number]['kind'], string>> = {
  temporary: 'a segment that never got its name',
  torn: 'what was cut off after an interrupted write',
  replaced: 'a segment as it was before a repair',
  void: 'behind its end, from a write that could not be synced',
  other: 'not Coppice’s',
}

const CACHES: Readonly<Record<LogReport['caches'][number]['state'], string>> = {
  none: 'none yet',
  good: 'belongs to this log',
  foreign: 'is not of this log, and will be made anew',
  ahead: 'goes further than the log, which may have lost its end: see docs/recovery.md',
  unknown: 'cannot be compared with a damaged log',
  damaged: 'is not whole, and will be made anew',
}
