import type { Survey } from '../ports/survey.js'
import type { Books } from './books.js'
import { branchDrifts } from './branches.js'
import { checkoutDrifts } from './checkouts.js'
import { damageDrifts } from './damage.js'
import { refuses, type Drift, type DriftCode } from './drift.js'
import { entryDrifts } from './entries.js'
import { headDrifts } from './heads.js'
import { landingDrifts } from './landings.js'
import { leftoverDrifts } from './leftovers.js'
import { lockDrifts } from './locks.js'
import { owedDrifts } from './owed.js'
import { pinDrifts } from './pins.js'
import { placeDrifts } from './places.js'

/**
 * Compares what the log says with what is there. The order is that in which repairs are safe: first what makes git
 * itself fail, then what holds work, then what stands on that.
 */
export function diagnose(books: Books, survey: Survey): Drift[] {
  const damage = damageDrifts(survey)
  if (damage.length > 0) return damage
  const found = [
    ...lockDrifts(survey),
    ...entryDrifts(books, survey),
    ...checkoutDrifts(survey),
    ...pinDrifts(books, survey),
    ...branchDrifts(books, survey),
    ...placeDrifts(books, survey),
    ...headDrifts(books, survey),
    ...landingDrifts(books, survey),
    ...leftoverDrifts(books, survey),
    ...owedDrifts(books),
  ]
  return found.map((drift) => untouchedWhileAtWork(books, drift))
}

/** What an agent that lives would notice under its feet. */
const UNDER_FOOT = new Set<DriftCode>([
  'head-elsewhere',
  'pointer-broken',
  'repository-moved',
  'worktree-moved',
])

function untouchedWhileAtWork({ busy, attended }: Books, drift: Drift): Drift {
  const { task, code, remedy } = drift
  if (task === null || remedy.kind === 'refusal') return drift
  if (busy.has(task)) {
    const why = 'another process is at work on the task; look again when it has ended'
    return { ...drift, severity: 'note', remedy: refuses(why) }
  }
  if (UNDER_FOOT.has(code) && attended.has(task)) {
    return { ...drift, remedy: refuses('an agent is at work there; repair it when it has ended') }
  }
  return drift
}
