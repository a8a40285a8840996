import type { LogReport } from '../inspection/log-report.js'
import type { RepairItem } from './repair-plan.js'

/**
 * What is left behind by processes that died, and caches that do not belong to the log. Only where all of the log can be
 * read: while it cannot, whatever else is there may help a person.
 */
export function tidyUp({ tail, leftovers, caches }: LogReport): RepairItem[] {
  const items: RepairItem[] = []
  if (tail.kind === 'interrupted-write') {
    const { segment, path, offset, bytes } = tail
    items.push({ kind: 'cut-off', segment, path, offset, bytes })
  }
  for (const { kind, path: leftover } of leftovers) {
    if (kind === 'temporary') items.push({ kind: 'remove-temporary', path: leftover })
  }
  for (const { state, name, path: cache } of caches) {
    if (state === 'damaged' || state === 'foreign') items.push({ kind: 'drop-cache', name, path: cache })
  }
  return items
}
