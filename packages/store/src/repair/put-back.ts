import type { BrokenChain, Damage, MissingSegments } from '../inspection/finding.js'
import type { Copies, Copy } from './copies.js'
import type { Draft } from './draft.js'
import type { Fix, NoFix } from './fix.js'
import { lengthOf, slice } from './pieces.js'

/*
 * A copy is put back only where it has the very line to which what follows is chained: that line's hash covers
 * all that came before it. It also has to have what is good in the segment in front of the damage.
 */

/** Puts the beginning of a segment back, up to the last place from which on the segment itself is good. */
export async function putBackBeginning(
  draft: Draft,
  copies: Copies,
  damages: readonly Damage[],
): Promise<Fix | NoFix> {
  const [first] = damages
  if (first === undefined) return { reason: 'nothing is damaged' }
  const { segment, path } = first
  const wanted = damages.flatMap(({ line, after, before }) => [line === 1 ? null : after, before])
  const copy = await copies.find(segment, new Set(wanted.filter((hash) => hash !== null)))
  if (copy === null) return noCopy(copies)
  const followed = damages.findLast(({ before }) => before !== null && copy.ends.has(before))
  if (followed?.before == null) return tooShort(copy, damages.at(-1)?.before ?? null)
  const replaced = damages.slice(0, damages.indexOf(followed) + 1)
  if (!replaced.every((damage) => follows(copy, damage))) return { reason: `${copy.path} is not of this log` }
  const content = draft.contentOf(segment)
  const kept = slice(content, followed.end, lengthOf(content))
  return fixOf(segment, path, copy, followed.before, kept)
}

/** Puts back a segment that is missing, or in whose place another one is. */
export async function putBackWhole(
  copies: Copies,
  finding: MissingSegments | BrokenChain,
  path: (segment: number) => string,
): Promise<Fix | NoFix> {
  const { before } = finding
  // Of several that are missing the last comes first, because what follows it says which one it was.
  const segment = finding.kind === 'segments-missing' ? finding.last : finding.segment
  const copy = await copies.find(segment, new Set(before === null ? [] : [before]))
  if (copy === null) return noCopy(copies)
  if (before === null || !copy.ends.has(before)) return tooShort(copy, before)
  if (segment === finding.segment && !continues(copy, finding))
    return { reason: `${copy.path} is not of this log` }
  return fixOf(segment, path(segment), copy, before, [])
}

function follows(copy: Copy, damage: Damage): boolean {
  return damage.line === 1 ? continues(copy, damage) : damage.after !== null && copy.ends.has(damage.after)
}

function continues(
  { header }: Copy,
  at: { readonly after: string | null; readonly sequence: number },
): boolean {
  return at.after === null || (header.previous === at.after && header.first === at.sequence)
}

function fixOf(segment: number, path: string, copy: Copy, last: string, kept: Fix['pieces']): Fix {
  const bytes = copy.ends.get(last) ?? 0
  const item = { kind: 'put-back', segment, path, copy: copy.path, bytes } as const
  return { item, segment, pieces: [{ path: copy.path, offset: 0, length: bytes }, ...kept] }
}

function noCopy({ directory }: Copies): NoFix {
  return { reason: `there is no good copy of the segment in ${directory}` }
}

function tooShort({ path }: Copy, before: string | null): NoFix {
  return before === null
    ? { reason: `nothing behind it says whether ${path} is complete` }
    : { reason: `what follows is not chained to anything in ${path}` }
}
