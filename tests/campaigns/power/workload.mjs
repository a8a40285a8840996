import { draw } from '../draw.mjs'

/** More than are done before the last possible cut. */
const STEPS = 400

const KINDS = [
  ['append 1', 'append 3', 'append 3 9000', 'other 2', 'other 3 4000', 'snapshot', 'close'],
  ['group 6', 'group 40', 'group 9 700', 'group 8 3000', 'group 16 30000'],
].flat()

/**
 * What a process works at until the power fails, and when that is; it depends on the seed alone.
 *
 * @param canHold whether there is strace to hold the process at a sync
 */
export function drawnLife(seed, canHold) {
  const steps = Array.from({ length: STEPS }, (_, index) => KINDS[draw(seed, `step ${index}`, KINDS.length)])
  const isHeld = canHold && draw(seed, 'held', 2) === 0
  return {
    // Small segments, so that many are begun, or large ones, in which there is room for large writes.
    segmentBytes: 2_000 + draw(seed, 'segment', draw(seed, 'size', 2) === 0 ? 30_000 : 3_000_000),
    steps: isHeld ? ['pause', ...steps] : steps,
    moment: isHeld ? drawnSync(seed) : drawnAcknowledgement(seed),
  }
}

/**
 * At a sync of the process, mostly one of a segment, when the disk already has some of the pages that it is to write.
 * `sync` says which of the calls of that name it is.
 */
function drawnSync(seed) {
  return { call: draw(seed, 'call', 4) === 0 ? 'fsync' : 'fdatasync', sync: 1 + draw(seed, 'sync', 25), seed }
}

/**
 * So many milliseconds after so many acknowledgements. Some of the cuts come before the first one, while the process
 * starts and the log's first segment is made.
 */
function drawnAcknowledgement(seed) {
  const acknowledgements = draw(seed, 'early', 5) === 0 ? 0 : 1 + draw(seed, 'acknowledgements', 150)
  return { acknowledgements, pause: draw(seed, 'pause', acknowledgements === 0 ? 200 : 6) }
}
