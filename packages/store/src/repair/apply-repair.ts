import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RepairFailedError } from '../errors/repair-errors.js'
import type { Segments } from '../file-log/segments.js'
import { createSegment } from '../file-log/create-segment.js'
import { enterSegment } from '../file-log/enter-segment.js'
import { Known } from '../file-log/known.js'
import { SegmentFile } from '../file-log/segment-file.js'
import { keepAside, withoutRoom } from '../file-log/torn-tail.js'
import { GENESIS_HASH } from '../format/line.js'
import type { LogEnd } from '../inspection/log-report.js'
import { LockFile } from '../locks/lock-file.js'
import { Draft } from './draft.js'
import type { Piece } from './pieces.js'
import type { CutOff, DropCache, RepairPlan } from './repair-plan.js'
import { writePieces } from './write-pieces.js'

/**
 * Does what a plan says. The caller holds the append lock since before the plan was made. Whenever this ends early,
 * every segment is as it was or as it will be, but for a zero behind an unfinished write; and what was replaced is kept.
 *
 * @returns the files in which replaced and cut off bytes are kept
 * @throws {RepairFailedError}
 */
export async function applyRepair(
  segments: Segments,
  { items, report, segments: contents }: RepairPlan,
): Promise<string[]> {
  const kept: string[] = []
  const attempt = async (path: string, work: () => Promise<string | null>): Promise<void> => {
    try {
      const keptAs = await work()
      if (keptAs !== null) kept.push(keptAs)
    } catch (cause) {
      throw new RepairFailedError(path, cause)
    }
  }
  for (const [segment, pieces] of contents) {
    await attempt(segments.path(segment), () => replaceSegment(segments, segment, pieces))
  }
  for (const item of items) {
    if (item.kind === 'cut-off') await attempt(item.path, () => cutOff(segments, item, report.end))
    if (item.kind === 'remove-temporary') await attempt(item.path, async () => remove(item.path))
    if (item.kind === 'drop-cache') await attempt(item.path, async () => dropCache(item))
  }
  return kept
}

/** Keeps a segment's file aside, if it has one, and puts another one in its place in one step. */
async function replaceSegment(
  segments: Segments,
  segment: number,
  pieces: readonly Piece[],
): Promise<string | null> {
  const { disk, directory } = segments
  const path = segments.path(segment)
  const original = new Draft(segments).contentOf(segment)
  const keptAs = disk.exists(path) ? await keepSegment(segments, path, original) : null
  await writePieces(disk, `${path}.tmp`, 'create', pieces)
  disk.rename(`${path}.tmp`, path)
  await disk.syncDirectory(directory)
  return keptAs
}

async function keepSegment(
  { disk, directory }: Segments,
  path: string,
  content: readonly Piece[],
): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const suffix = attempt === 0 ? '' : `-${attempt}`
    const keptAs = join(directory, `replaced-${basename(path, '.jsonl')}${suffix}.bin`)
    // An earlier repair has kept the segment as it was then.
    if (disk.exists(keptAs)) continue
    await writePieces(disk, keptAs, 'new', content)
    await disk.syncDirectory(directory)
    return keptAs
  }
}

/**
 * Does what the next writer would: keeps the bytes aside, and cuts them off only once there is a new segment, so that
 * nothing is ever written in their place.
 */
async function cutOff(segments: Segments, { segment, path, offset }: CutOff, end: LogEnd): Promise<string> {
  const { disk, directory } = segments
  const file = new SegmentFile(segment, path, disk)
  try {
    const keptAs = await keepAside(segments, segment, offset, withoutRoom(await file.read(offset)))
    const place = { segment, offset, sequence: end.sequence, hash: end.hash ?? GENESIS_HASH }
    // The new segment says that all before it is durable, and a sync alone does not make it so.
    await file.writeAgain((await enterSegment(segments, new Known(null), segment)).start.offset, place)
    await file.sync()
    await createSegment(segments, place)
    await disk.syncDirectory(directory)
    file.truncate(offset)
    return keptAs
  } finally {
    file.close()
  }
}

function remove(path: string): null {
  rmSync(path, { force: true })
  return null
}

/** Without its list of files a cache is none; whoever saves it next removes what is left of it. */
function dropCache({ path, name }: DropCache): null {
  const lock = new LockFile(join(dirname(path), `${name}.lock`))
  try {
    // Who saves it just now puts a good one in its place.
    if (lock.tryLock()) remove(path)
    return null
  } finally {
    lock.close()
  }
}
