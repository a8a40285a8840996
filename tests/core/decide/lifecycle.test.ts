import {
  allowedIn,
  TASK_STATUSES,
  taskMachine,
  type CommandType,
  type Decision,
  type TaskStatus,
} from '@coppice/core'
import { COMMAND_TYPES, command, fact } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { accepted, given } from '../helpers/given.js'
import { LIFECYCLE } from '../helpers/lifecycle-table.js'
import { owedIn, SITUATION_NAMES, SITUATIONS, type Situation } from '../helpers/situations.js'

/** What a person can do in each status, in the order in which it is suggested. */
const PERSON_MAY: { readonly [S in TaskStatus | 'unrequested']: readonly CommandType[] } = {
  unrequested: ['task.request'],
  creating: ['task.abandon'],
  active: ['task.checkpoint', 'task.merge', 'task.park', 'task.abandon'],
  parked: ['task.resume', 'task.abandon'],
  merging: ['task.checkpoint'],
  merged: [],
  abandoned: ['task.restore'],
  failed: ['task.resume', 'task.abandon'],
}

/** The design's table of what a status owes, told apart by what a merge and a worktree have come to. */
const OWES = {
  'not requested': null,
  creating: 'create',
  active: null,
  'active, agent running': null,
  'active, worktree lost': 'rebuild',
  merging: 'prepare',
  'merging, worktree lost': 'rebuild',
  'merging, prepared': 'verify',
  'merging, verified': 'land',
  'parked, worktree present': 'remove',
  'parked, worktree removed': null,
  'parked, worktree lost': 'remove',
  'abandoned, never made': 'remove',
  'abandoned, worktree present': 'remove',
  'abandoned, worktree removed': null,
  failed: null,
  'merged, worktree present': 'remove',
  'merged, worktree removed': null,
  'recovered as creating': 'create',
  'recovered as active': null,
  'recovered as parked': null,
  'recovered as merged': null,
  'recovered as abandoned': null,
} as const satisfies Record<Situation, unknown>

const statusOf = (situation: Situation): TaskStatus | 'unrequested' =>
  given(...SITUATIONS[situation]).state?.status ?? 'unrequested'

function expectedOf(situation: Situation, type: CommandType): Decision {
  const move = LIFECYCLE[situation][type]
  if (move === undefined) return { accepted: false, command: type, allowed: PERSON_MAY[statusOf(situation)] }
  const [status, recorded] = move
  return accepted(status, typeof recorded === 'string' ? fact(recorded) : recorded)
}

test('the situations of the table cover every state of the machine, and those are the seven statuses', () => {
  const states = Object.keys(taskMachine.states)
  expect(new Set(SITUATION_NAMES.map(statusOf))).toEqual(new Set(states))
  expect(new Set(states)).toEqual(new Set(['unrequested', ...TASK_STATUSES]))
})

test('every command that the machine lists anywhere is one that the table knows', () => {
  const listed = Object.values(taskMachine.states).flatMap(({ config }) => Object.keys(config.on ?? {}))
  expect(new Set(listed)).toEqual(new Set(COMMAND_TYPES))
})

describe.each(SITUATION_NAMES)('%s', (situation) => {
  const { state, when } = given(...SITUATIONS[situation])
  const allowed = PERSON_MAY[statusOf(situation)]

  test(`owes ${OWES[situation] ?? 'nothing'}`, () => {
    expect(owedIn(situation)).toBe(OWES[situation])
  })

  test(`lets a person ${allowed.join(', ') || 'do nothing'}`, () => {
    expect(allowedIn(state)).toEqual(allowed)
  })

  test.each(COMMAND_TYPES)('%s', (type) => {
    expect(when(command(type))).toEqual(expectedOf(situation, type))
  })
})
