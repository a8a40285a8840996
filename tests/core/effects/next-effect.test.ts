import { decide, evolve, nextEffect, type Command, type EffectKind, type TaskState } from '@coppice/core'
import { arbitraryLife, command, recordFacts, sampleCommandData, sampleFactData } from '@coppice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** Every report that an effect's outcomes lead to, the one that brings the task on first. */
function reportsOf(effect: EffectKind, { merge }: TaskState): [Command, ...Command[]] {
  const { commit } = merge?.prepared ?? sampleFactData['merge.prepared']
  switch (effect) {
    case 'create':
      return [command('worktree.report-created'), command('worktree.report-creation-failure')]
    case 'prepare':
      return [
        command('merge.report-prepared'),
        command('worktree.report-pinned'),
        command('worktree.report-lost'),
        command('merge.report-conflicted'),
        command('merge.report-rejected'),
      ]
    case 'verify':
      return [command('merge.report-verified', { commit }), command('merge.report-rejected')]
    case 'land':
      return [
        command('merge.report-landed', { commit }),
        command('merge.report-base-moved'),
        command('merge.report-rejected'),
      ]
    case 'rebuild':
      return [command('worktree.report-rebuilt')]
    case 'remove':
      return [command('worktree.report-removed'), command('worktree.report-pinned')]
  }
}

function after(task: TaskState, report: Command): TaskState | null {
  const decision = decide(task, report)
  if (!decision.accepted) return null
  const facts = recordFacts(decision.facts, task.id, task.version)
  return facts.reduce((state, fact) => evolve(state, fact), task)
}

describe('what a task owes', () => {
  test('can be reported done, whatever its outcome, in every state that can be reached', () => {
    fc.assert(
      fc.property(arbitraryLife(), (life) => {
        for (const { after: task } of life) {
          const effect = task === null ? null : nextEffect(task)
          if (task === null || effect === null) continue
          for (const report of reportsOf(effect, task))
            expect([report.type, after(task, report)]).not.toContain(null)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('comes to an end after rebuild, prepare, verify, land and remove at the most, if all goes well', () => {
    fc.assert(
      fc.property(arbitraryLife(), (life) => {
        for (const { after: start } of life) {
          const done: EffectKind[] = []
          for (let task = start; task !== null;) {
            const effect = nextEffect(task)
            if (effect === null) break
            expect(done).not.toContain(effect)
            done.push(effect)
            task = after(task, reportsOf(effect, task)[0])
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is nothing outside of creating, merging, tearing down and a lost worktree', () => {
    fc.assert(
      fc.property(arbitraryLife(), (life) => {
        for (const { after: task } of life) {
          if (task === null) continue
          const { status, worktree } = task
          const inDebt =
            status === 'creating' ||
            status === 'merging' ||
            (status === 'active' && worktree === 'lost') ||
            (['parked', 'merged', 'abandoned'].includes(status) && worktree !== 'absent')
          expect(nextEffect(task) !== null).toBe(inDebt)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is a removal as long as pinning finds something new, and nothing once it was removed', () => {
    const pinned = { checkpoint: { ...sampleCommandData['worktree.report-pinned'].checkpoint, number: 2 } }
    fc.assert(
      fc.property(arbitraryLife(), (life) => {
        for (const { after: task } of life) {
          if (task === null || nextEffect(task) !== 'remove') continue
          expect(nextEffect(after(task, command('worktree.report-pinned', pinned))!)).toBe('remove')
          expect(nextEffect(after(task, command('worktree.report-removed'))!)).toBeNull()
        }
      }),
      { numRuns: 100 },
    )
  })
})
