import { vi } from 'vitest'

// What many files are treated by has to see what few are treated by: the same tests, with every index a large one and every
// doubtful file one of many.
vi.mock('../../../packages/git-adapter/src/capture/thresholds.js', () => ({
  LARGE_INDEX_BYTES: 0,
  MANY_DOUBTFUL: 0,
}))

await import('./checkpoint.test.js')
await import('./kept-looks.test.js')
await import('./kept-looks-rules.test.js')
await import('./nested-unseen.test.js')
await import('./refused.test.js')
await import('./same-second.test.js')
await import('../worktree/remove-late.test.js')
