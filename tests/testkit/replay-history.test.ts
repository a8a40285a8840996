import { cpSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Fact, RecordedFact } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import {
  arbitraryHistory,
  fact,
  parseHistory,
  recordFacts,
  replayHistory,
  sampleCheckpoint,
} from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeScratch } from '../helpers/repository.js'

const printed = (facts: readonly RecordedFact[]): string =>
  facts.map((each) => `${JSON.stringify(each)}\n`).join('')

const history = recordFacts([fact('task.requested'), fact('worktree.created'), fact('task.parked')])

test('a history that was printed replays to the states of its tasks, at its end and at any point', () => {
  const replayed = replayHistory(printed(history))
  expect(replayed.tasks.get('fix-login')).toMatchObject({ status: 'parked', version: 3 })
  expect(replayed.at(2).get('fix-login')).toMatchObject({ status: 'active' })
  expect(replayed.at(0).size).toBe(0)
  expect(replayed.of('fix-login')).toEqual(history)
  expect(replayed.of('another')).toEqual([])
})

test('every history that the lifecycle makes comes back from print', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (facts) => {
      expect(parseHistory(printed(facts))).toEqual(facts)
      fc.pre(facts.length > 0)
      expect(replayHistory(printed(facts)).facts).toEqual(facts)
    }),
  )
})

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))
const versions = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory())

test.each(versions.map(({ name }) => name))('what version %s recorded replays', async (version) => {
  const state = makeScratch()
  cpSync(join(fixtures, version), state, { recursive: true })
  const log = await openFileLog(state)
  const facts: RecordedFact[] = []
  for await (const each of log.read()) facts.push(each)
  await log.close()
  expect(replayHistory(printed(facts)).facts).toEqual(facts)
})

test.each<[string, string, RegExp]>([
  ['a line that is no JSON', 'oops\n', /^line 1: no JSON$/],
  ['a line that is no object', `${JSON.stringify(history[0])}\n7\n`, /^line 2: no JSON object$/],
  [
    'a fact without a field',
    printed(history).replace('"stream"', '"steam"'),
    /^line 1: a fact without its stream$/,
  ],
  ['a gap in a stream', printed(history.slice(1)), /^fact #2: version 2 of task\/fix-login, not 1$/],
  ['another order', printed([history[1]!, history[0]!]), /^fact #2: version 2 of task\/fix-login, not 1$/],
  ['the same again', printed([history[0]!, history[0]!]), /^fact #1: it comes behind #1$/],
  [
    'a fact that the lifecycle does not have there',
    printed(recordFacts([fact('task.requested'), fact('task.resumed')])),
    /^fact #2: task\.resumed comes to no task that is creating: task\.resume is refused; allowed: .*task\.abandon/,
  ],
  [
    'a landing of another commit than the prepared one',
    printed(
      recordFacts([
        fact('task.requested'),
        fact('worktree.created'),
        fact('merge.requested', { strategy: 'ff', into: 'main', verify: null, message: null }),
        fact('merge.prepared'),
        fact('merge.landed', { commit: 'another', into: 'main', strategy: 'ff' }),
      ]),
    ),
    /^fact #5: merge\.landed comes to no task that is merging: merge\.report-landed is refused/,
  ],
])('%s is refused, with its place', (_, text, message) => {
  expect(() => replayHistory(text)).toThrow(
    expect.objectContaining({
      code: 'history-impossible',
      message: expect.stringMatching(message) as string,
    }) as Error,
  )
})

test('a text without a fact is refused: what was never captured shows nothing', () => {
  for (const nothing of ['', '\n \n'])
    expect(() => replayHistory(nothing)).toThrow('the history: no facts: was the capture made?')
})

const [requested] = history

test.each<[string, string, RegExp]>([
  ['a line that is cut off', '{"type":"task.req', /each is one fact, whole/],
  ['a path in the place of the text', 'incidents/today.jsonl', /readFileSync/],
  ['a JSON array', JSON.stringify(history), /replayHistory\(JSON\.parse\(text\)\)/],
  ['a JSON array on several lines', JSON.stringify(history, null, 2), /replayHistory\(JSON\.parse\(text\)\)/],
  ['a line that is there twice', printed([requested!, requested!]), /there twice/],
  ['lines in another order', printed([{ ...requested!, sequence: 9 }, history[1]!]), /order in which/],
  ['a history without its beginning', printed(history.slice(1)), /without --from/],
  ['a fact of no type', printed(history).replace('task.requested', 'task.dreamt'), /newer version/],
])('%s is refused with what to do about it', (_, text, hint) => {
  expect(() => replayHistory(text)).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(hint) as string }) as Error,
  )
})

test('a fact with other data than the lifecycle records is told with what that is', () => {
  const failed = fact('worktree.creation-failed', {
    ...fact('worktree.creation-failed').data,
    attempt: 2,
  })
  expect(() => replayHistory(recordFacts([fact('task.requested'), failed]))).toThrow(
    /^fact #2: worktree\.creation-failed is not as the lifecycle records it, which is .*"attempt":1/,
  )
})

test('a fact that cannot even be decided on is told with why', () => {
  const damaged = { ...fact('worktree.creation-failed'), data: null } as unknown as RecordedFact
  expect(() => replayHistory(recordFacts([fact('task.requested'), damaged]))).toThrow(
    /^fact #2: worktree\.creation-failed cannot be decided on: /,
  )
})

const beforePrepared = [
  fact('task.requested'),
  fact('worktree.created'),
  fact('merge.requested', { strategy: 'ff', into: 'main', verify: null, message: null }),
]
const prepared = fact('merge.prepared').data
const created = fact('worktree.created').data

test.each<[string, readonly Fact[], object, RegExp]>([
  [
    'a number in the place of a commit',
    beforePrepared,
    { ...fact('merge.prepared'), data: { ...prepared, commit: 7 } },
    /^fact #4: merge\.prepared: data\.commit is 7, and has to be a full hexadecimal object id$/,
  ],
  [
    'an abbreviated object id',
    beforePrepared,
    { ...fact('merge.prepared'), data: { ...prepared, base: 'abc1234' } },
    /^fact #4: merge\.prepared: data\.base is "abc1234", and has to be a full/,
  ],
  [
    'a merge without its tree',
    beforePrepared,
    { ...fact('merge.prepared'), data: { ...prepared, tree: undefined } },
    /^fact #4: merge\.prepared: data\.tree is missing/,
  ],
  [
    'a list in the place of data',
    beforePrepared,
    { ...fact('merge.prepared'), data: [] },
    /^fact #4: merge\.prepared: data is \[\], and has to be an object$/,
  ],
  [
    'a worktree at no commit',
    [fact('task.requested')],
    { ...fact('worktree.created'), data: { ...created, head: null } },
    /^fact #2: worktree\.created: data\.head is null/,
  ],
  [
    'a checkpoint of which a part is wrong',
    [fact('task.requested'), fact('worktree.created')],
    {
      ...fact('checkpoint.taken'),
      data: { checkpoint: { ...sampleCheckpoint, uncaptured: ['a', 7] }, message: null },
    },
    /^fact #3: checkpoint\.taken: data\.checkpoint\.uncaptured\[1\] is 7, and has to be a text$/,
  ],
  [
    'a strategy that there is not',
    [fact('task.requested'), fact('worktree.created')],
    { ...fact('merge.requested'), data: { ...fact('merge.requested').data, strategy: 'magic' } },
    /^fact #3: merge\.requested: data\.strategy is "magic", and has to be one of merge, squash, rebase, ff$/,
  ],
])('%s is told with where it is and what it has to be', (_, before, damaged, message) => {
  const text = printed(recordFacts([...before, damaged as Fact]))
  expect(() => replayHistory(text)).toThrow(
    expect.objectContaining({
      code: 'history-impossible',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(/as it was printed/) as string,
    }) as Error,
  )
})

test('a merge with all that it has to have lands', () => {
  const life = recordFacts([
    ...beforePrepared,
    fact('merge.prepared'),
    fact('merge.landed', { commit: prepared.commit, into: 'main', strategy: 'ff' }),
  ])
  expect(replayHistory(printed(life)).tasks.get('fix-login')).toMatchObject({ status: 'merged' })
})
