/**
 * What is measured, in repositories of how many files, and how small the ratio to what it is compared with has to be; a
 * rate has to be at least as large.
 */
const PLAN = {
  create: [
    { files: 1000, bars: { warm: 1 / 1.5, cold: 1.15 } },
    { files: 10_000, bars: { warm: 1 / 10, cold: 1.15 } },
    { files: 50_000, bars: { warm: 1 / 50, cold: 1.15 } },
  ],
  claim: [{ files: 50_000, differing: 100, bars: { claim: 1 / 20 } }],
  merge: [{ files: 10_000, bars: { elsewhere: 1 / 2, checkedOut: 1 } }],
  checkpoint: [{ files: 50_000, changed: 10, bars: { unchanged: 1.3, changed: 1 } }],
  remove: [{ files: 50_000, changed: 10, bars: { remove: 1 / 2 } }],
  life: [{ files: 10_000, tasks: 50, concurrency: 8, bars: { script: 5, peer: 1 } }],
  // A difference in milliseconds: a command is waited for, and nobody waits for a ratio.
  list: [{ files: 1000, live: 10, bars: { milliseconds: 60 } }],
  scale: [
    {
      files: 100,
      few: { live: 10, finished: 0 },
      many: [
        { live: 50, finished: 5000 },
        { live: 200, finished: 20_000 },
      ],
      bars: { scale: 1.25 },
    },
  ],
}

/** The same with counts that take seconds. */
const QUICK = {
  create: [{ ...PLAN.create[0], files: 60 }],
  claim: [{ ...PLAN.claim[0], files: 60, differing: 5 }],
  merge: [{ ...PLAN.merge[0], files: 60 }],
  checkpoint: [{ ...PLAN.checkpoint[0], files: 60 }],
  remove: [{ ...PLAN.remove[0], files: 60 }],
  life: [{ ...PLAN.life[0], files: 60, tasks: 4, concurrency: 2 }],
  list: [{ ...PLAN.list[0], files: 60, live: 2 }],
  scale: [
    {
      ...PLAN.scale[0],
      files: 60,
      few: { live: 2, finished: 0 },
      many: [{ live: 3, finished: 20 }],
    },
  ],
}

export const SCENARIOS = Object.keys(PLAN)

/**
 * What a run measures. A bar belongs to the size that it was set for: in a repository of another one there is none.
 *
 * @param {import('../harness/arguments.mjs').Options} options
 * @returns {{ scenario: string, entry: object }[]}
 */
export function planned({ quick, only, files }) {
  const plan = quick ? QUICK : PLAN
  const wanted = SCENARIOS.filter((scenario) => only === null || only.includes(scenario))
  return wanted.flatMap((scenario) =>
    (files === null ? plan[scenario] : [withFiles(plan[scenario], files)]).map((entry) => ({
      scenario,
      entry,
    })),
  )
}

function withFiles(entries, files) {
  return entries.find((entry) => entry.files === files) ?? { ...entries[0], files, bars: {} }
}
