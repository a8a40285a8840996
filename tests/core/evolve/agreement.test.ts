import { decide, TASK_STATUSES, type TaskStatus } from '@coppice/core'
import { arbitraryLife, command as sample } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('fold and machine agree on the status after every accepted command', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      const accepted = life.filter(({ decision }) => decision.accepted)
      const machine = accepted.map(({ decision }) => decision.accepted && decision.status)
      expect(accepted.map(({ after }) => after?.status)).toEqual(machine)
    }),
    { numRuns: 300 },
  )
})

test('an accepted command records at least one fact, at its own time, and the version counts them', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      const accepted = life.filter(({ decision }) => decision.accepted)
      for (const { before, command, facts, after } of accepted) {
        expect(facts.length).toBeGreaterThan(0)
        expect(facts.every(({ at }) => at === command.at)).toBe(true)
        expect(after).toMatchObject({ version: (before?.version ?? 0) + facts.length, updatedAt: command.at })
      }
    }),
  )
})

test('a refused command changes nothing, and what is named instead would be accepted', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      const refused = life.filter(({ decision }) => !decision.accepted)
      for (const { before, command, decision, after } of refused) {
        const allowed = decision.accepted ? [] : decision.allowed
        expect(after).toBe(before)
        expect(allowed).not.toContain(command.type)
        expect(allowed.map((type) => decide(before, sample(type)).accepted)).not.toContain(false)
      }
    }),
  )
})

test('the same command on the same state is always decided alike', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      for (const { before, command, decision } of life) {
        expect(decide(structuredClone(before), structuredClone(command))).toStrictEqual(decision)
      }
    }),
    { numRuns: 50 },
  )
})

test('the walks of these properties reach every status', () => {
  const seen = new Set<TaskStatus | undefined>()
  const look = fc.property(arbitraryLife(), (life) => {
    for (const { after } of life) seen.add(after?.status)
  })
  fc.assert(look, { numRuns: 200, seed: 1 })
  expect(seen).toEqual(new Set([undefined, ...TASK_STATUSES]))
})
