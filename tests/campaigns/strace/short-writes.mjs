import { fileSizeLimit, fullDisk } from './shortages.mjs'

/** Bytes between two places at which files may not grow any more: a prime, so that they fall everywhere in a line. */
const STRIDE = 7

/** Pages of the small disks, and bytes by which the facts grow from one to the next, so that each is full elsewhere. */
const PAGES = [2, 3, 5]
const PADDING_STEP = 37
const MAX_PADDING = 1_000

/** At the first pause the shortage begins, at the second there is room again. */
const limited = {
  segmentBytes: 1_500,
  before: ['pause', 'append', 'append 3', 'group 4', 'other 2', 'append 3', 'read'],
  steps: ['append 3', 'group 8', 'other', 'read', 'close'],
}

function fillingWith(padding) {
  const round = [
    `append 3 ${padding}`,
    `group 4 ${padding}`,
    'snapshot',
    `other 1 ${padding}`,
    `append 1 ${padding}`,
  ]
  return { ...limited, segmentBytes: 4_000, before: ['pause', ...round, ...round, 'read'] }
}

/** Real short writes: where files may not grow, and on disks that are full. */
export async function shortWriteCases(stage) {
  const largest = await stage.largestFile(limited)
  const cases = []
  for (let bytes = 1; bytes < largest; bytes += STRIDE) {
    const run = () => starve(stage, limited, 'a limit on file sizes', fileSizeLimit(bytes))
    cases.push({ id: `short/limit/${bytes}`, group: 'short/limit', run })
  }
  if (process.getuid() !== 0) return cases
  for (let padding = 0; padding <= MAX_PADDING; padding += PADDING_STEP) {
    for (const pages of PAGES) {
      const run = () => starve(stage, fillingWith(padding), 'a full disk', fullDisk(stage.repository, pages))
      cases.push({ id: `short/full/${pages}/${padding}`, group: 'short/full', run })
    }
  }
  return cases
}

async function starve(stage, scenario, name, shortage) {
  try {
    const run = await stage.starve(scenario, shortage)
    const broken = stage.judge(scenario, run)
    if (!run.ledger.isDone) broken.push('the process did not do all its steps')
    const kind = run.ledger.refused.size > 0 ? `stopped by ${name}` : `had room in spite of ${name}`
    return { kind, ledger: run.ledger, broken }
  } finally {
    shortage.end()
  }
}
