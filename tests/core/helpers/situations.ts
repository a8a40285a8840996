import { nextEffect, type EffectKind, type Fact, type FactType } from '@coppice/core'
import { fact, recoveredAs } from '@coppice/testkit'
import { finalFailure } from './final-failure.js'
import { stateAfter } from './given.js'

const born = ['task.requested'] as const
const active = [...born, 'worktree.created'] as const
const merging = [...active, 'merge.requested'] as const
const merged = [...merging, 'merge.prepared', 'merge.verified', 'merge.landed'] as const

/**
 * Histories, by what the task has come to. Between them they hold every status, and within a status everything
 * that a guard looks at.
 */
export const SITUATIONS = {
  'not requested': [],
  creating: born,
  active,
  'active, agent running': [...active, 'agent.started'],
  'active, worktree lost': [...active, 'worktree.lost'],
  merging,
  'merging, worktree lost': [...merging, 'worktree.lost'],
  'merging, prepared': [...merging, 'merge.prepared'],
  'merging, verified': [...merging, 'merge.prepared', 'merge.verified'],
  'parked, worktree present': [...active, 'task.parked'],
  'parked, worktree removed': [...active, 'task.parked', 'worktree.removed'],
  'parked, worktree lost': [...active, 'worktree.lost', 'task.parked'],
  'abandoned, never made': [...born, 'task.abandoned'],
  'abandoned, worktree present': [...active, 'task.abandoned'],
  'abandoned, worktree removed': [...active, 'task.abandoned', 'worktree.removed'],
  failed: [...born, finalFailure],
  'merged, worktree present': merged,
  'recovered as creating': [fact('task.recovered', recoveredAs('creating'))],
  'recovered as active': ['task.recovered'],
  'recovered as parked': [fact('task.recovered', recoveredAs('parked'))],
  'recovered as merged': [fact('task.recovered', recoveredAs('merged'))],
  'recovered as abandoned': [fact('task.recovered', recoveredAs('abandoned'))],
  'merged, worktree removed': [...merged, 'worktree.removed'],
} as const satisfies Record<string, readonly (Fact | FactType)[]>

export type Situation = keyof typeof SITUATIONS

export const SITUATION_NAMES = Object.keys(SITUATIONS) as Situation[]

/** What a task owes in a situation; null for nothing. */
export function owedIn(situation: Situation): EffectKind | null {
  const state = stateAfter(...SITUATIONS[situation])
  return state === null ? null : nextEffect(state)
}
