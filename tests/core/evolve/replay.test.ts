import { apply, evolve, replay, type RecordedFact, type TaskState } from '@coppice/core'
import { arbitraryLog, fact, recordFacts } from '@coppice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateAfter } from '../helpers/given.js'

const TASKS = ['a', 'b', 'c']

async function* slowly(): AsyncGenerator<RecordedFact> {
  yield* recordFacts([fact('task.requested'), fact('worktree.created')])
}

describe('a replay', () => {
  test('of any prefix of the log is what the fold had come to there', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog(TASKS), async (log) => {
        const states = new Map<string, TaskState>()
        for (const [index, each] of log.entries()) {
          apply(states, each)
          expect(await replay(log.slice(0, index + 1))).toStrictEqual(states)
        }
      }),
      { numRuns: 20 },
    )
  })

  test('gives each task the state that its own facts alone would give', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog(TASKS), async (log) => {
        for (const [id, state] of await replay(log)) {
          const own = log.filter(({ stream }) => stream === `task/${id}`)
          const alone = own.reduce<TaskState | null>((before, each) => evolve(before, each), null)
          expect(state).toStrictEqual(alone)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('lists tasks in the order of their requests', async () => {
    const [first, second] = [
      recordFacts([fact('task.requested')], 'z'),
      recordFacts([fact('task.requested')], 'a', 1),
    ]
    expect([...(await replay([...first, ...second])).keys()]).toEqual(['z', 'a'])
  })

  test('reads a log that arrives bit by bit', async () => {
    const states = await replay(slowly())
    expect(states.get('fix-login')).toEqual(stateAfter('task.requested', 'worktree.created'))
  })

  test('passes over streams that belong to no task', async () => {
    const [own] = recordFacts([fact('task.requested')])
    expect(await replay([{ ...own!, stream: 'pool/main' }])).toEqual(new Map())
  })

  test('refuses a fact that a newer version wrote, and says which', async () => {
    const [request] = recordFacts([fact('task.requested')])
    const newer = { ...request!, sequence: 7, type: 'task.frobnicated' } as unknown as RecordedFact
    await expect(replay([newer])).rejects.toMatchObject({
      code: 'unknown-fact',
      type: 'task.frobnicated',
      sequence: 7,
      hint: expect.stringContaining('upgrade') as string,
    })
  })
})
