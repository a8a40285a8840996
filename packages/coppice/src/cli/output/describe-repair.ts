import type { Refusal, RepairItem, RepairReport } from '@coppice/store'
import { fileText, findingText, placeText } from './describe-finding.js'
import { headline } from './describe-log.js'
import { printable } from './printable.js'

/** What a repair did, or would do, and what it refused, a line each. */
export function repairText({ dryRun, items, refused, keptAside, report }: RepairReport): string {
  const verdict = headline(report)
  return [
    ...items.map((item) => `${dryRun ? 'would be repaired' : 'repaired'}: ${itemText(item)}`),
    ...keptAside.map((path) => `kept as it was: ${printable(path)}`),
    ...refused.flatMap(refusalText),
    dryRun && items.length > 0 ? `after that ${verdict}` : verdict,
  ].join('\n')
}

function itemText(item: RepairItem): string {
  switch (item.kind) {
    case 'rewrite-header':
      return `${fileText(item.path)} gets its header back`
    case 'correct-byte': {
      const { path, offset, from, to } = item
      return `${fileText(path)} gets byte ${offset} back, ${hex(to)} in place of ${hex(from)}`
    }
    case 'put-back':
      return `${fileText(item.path)} gets ${item.bytes} bytes back from ${printable(item.copy)}`
    case 'cut-off':
      return `${fileText(item.path)} loses ${item.bytes} bytes of an interrupted write behind byte ${item.offset}`
    case 'remove-temporary':
      return `${fileText(item.path)}, which never got its name, is removed`
    case 'drop-cache':
      return `the cache ${item.name} is dropped; it is made again`
  }
}

function refusalText({ finding, reason, advice }: Refusal): string[] {
  const head = `not repaired: ${placeText(finding)}`
  return [head, ...[...findingText(finding), reason, advice].map((line) => `  ${printable(line)}`)]
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`
}
