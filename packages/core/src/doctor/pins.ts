import type { Survey } from '../ports/survey.js'
import type { Books, Pin } from './books.js'
import { refuses, repairs, type Drift } from './drift.js'

/** Refs that the log says hold a checkpoint, and that do not, or that hold one of which the commit is gone. */
export function pinDrifts({ pins }: Books, { refs, commits }: Survey): Drift[] {
  const existing = new Set(commits)
  return pins
    .filter(({ ref, commit }) => refs[ref] !== commit || !existing.has(commit))
    .map((pin) => (existing.has(pin.commit) ? missing(pin, refs[pin.ref] ?? null) : lost(pin)))
}

function missing({ task, ref, commit }: Pin, now: string | null): Drift {
  const pin = { kind: 'move-ref', ref, from: now, to: commit } as const
  // Whoever put something else there may need it.
  const keep = {
    kind: 'move-ref',
    ref: `refs/coppice/${task}/displaced/${now}`,
    from: null,
    to: now,
  } as const
  return {
    code: 'pin-missing',
    task,
    subject: ref,
    meaning: `the ref does not hold the checkpoint ${commit} any more, so that git may delete it`,
    severity: 'error',
    remedy:
      now === null
        ? repairs('make it again; the commit is still there', pin)
        : repairs(`make it again, and keep ${now}, which it holds now, by another ref`, keep, pin),
  }
}

function lost({ task, ref, commit }: Pin): Drift {
  return {
    code: 'pin-lost',
    task,
    subject: ref,
    meaning: `the checkpoint ${commit} is gone from the repository`,
    severity: 'error',
    remedy: refuses(`nothing here holds it; \`git fetch\` it from a copy of the repository, if there is one`),
  }
}
