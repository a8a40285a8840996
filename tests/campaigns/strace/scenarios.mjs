const LARGE = 1_000_000

/**
 * What the process under test does: `before` it is traced, and while it is. `segmentBytes` small enough to be full
 * after an append makes the next one begin a segment. With `torn`, a process that died in the middle of a write has
 * been there before.
 */
export const toBeKilled = {
  first: { segmentBytes: LARGE, before: [], steps: ['append 3', 'close'] },
  append: {
    segmentBytes: LARGE,
    before: ['append', 'append 3'],
    steps: ['append 3', 'group 8', 'other 2', 'append', 'close'],
  },
  roll: { segmentBytes: 500, before: ['append 3'], steps: ['append 3', 'other 3', 'append 3', 'close'] },
  snapshot: {
    segmentBytes: LARGE,
    before: ['append 3', 'snapshot'],
    steps: ['append', 'snapshot', 'append', 'snapshot', 'close'],
  },
  /** Long enough for what a log keeps in caches to be saved when it is closed. */
  closing: { segmentBytes: LARGE, before: ['group 200'], steps: ['append 3', 'close', 'append', 'close'] },
  recovery: { segmentBytes: LARGE, torn: true, before: [], steps: ['append 3', 'read', 'close'] },
}

/** The process goes on after an error, so that these also show what comes of one later. */
export const toBeFailed = {
  mixed: {
    segmentBytes: 1_500,
    before: [],
    steps: [
      ['append', 'append 3', 'group 8', 'other 3', 'append 3', 'snapshot', 'append 2', 'read', 'close'],
      ['append', 'group 8', 'append 3', 'other', 'append', 'group 4', 'snapshot', 'append', 'read', 'close'],
    ].flat(),
  },
  closing: {
    segmentBytes: LARGE,
    before: [],
    steps: [
      ['append', 'group 160', 'append', 'close', 'append', 'group 160', 'snapshot', 'close'],
      ['append', 'other', 'read', 'snapshot', 'close'],
    ].flat(),
  },
}
