import { apply, evolve, replay, type RecordedFact, type TaskState } from '@coppice/core'
import fc, { type GeneratorValue } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateAfter } from '../helpers/given.js'
import { recorded } from '../helpers/recorded.js'
import { fact } from '../helpers/samples.js'
import { walk } from '../helpers/walk.js'

const TASKS = ['a', 'b', 'c']

/** A log in which the lives of several tasks are mingled. */
function mingled(choose: GeneratorValue): RecordedFact[] {
  const lives = TASKS.map((id) => [...walk(choose, id)].flatMap(({ facts }) => facts))
  const log: RecordedFact[] = []
  for (let left = lives.filter((life) => life.length > 0); left.length > 0;) {
    const next = left[choose(() => fc.nat()) % left.length]!.shift()!
    log.push({ ...next, sequence: log.length + 1 })
    left = left.filter((life) => life.length > 0)
  }
  return log
}

async function* slowly(): AsyncGenerator<RecordedFact> {
  yield* recorded([fact('task.requested'), fact('worktree.created')])
}

describe('a replay', () => {
  test('of any prefix of the log is what the fold had come to there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (choose) => {
        const log = mingled(choose)
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
      fc.asyncProperty(fc.gen(), async (choose) => {
        const log = mingled(choose)
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
      recorded([fact('task.requested')], 'z'),
      recorded([fact('task.requested')], 'a', 1),
    ]
    expect([...(await replay([...first, ...second])).keys()]).toEqual(['z', 'a'])
  })

  test('reads a log that arrives bit by bit', async () => {
    const states = await replay(slowly())
    expect(states.get('fix-login')).toEqual(stateAfter('task.requested', 'worktree.created'))
  })

  test('passes over streams that belong to no task', async () => {
    const [own] = recorded([fact('task.requested')])
    expect(await replay([{ ...own!, stream: 'pool/main' }])).toEqual(new Map())
  })

  test('refuses a fact that a newer version wrote, and says which', async () => {
    const [request] = recorded([fact('task.requested')])
    const newer = { ...request!, sequence: 7, type: 'task.frobnicated' } as unknown as RecordedFact
    await expect(replay([newer])).rejects.toMatchObject({
      code: 'unknown-fact',
      type: 'task.frobnicated',
      sequence: 7,
      hint: expect.stringContaining('upgrade') as string,
    })
  })
})
