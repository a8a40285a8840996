import {
  diagnose,
  diagnosisOf,
  type Drift,
  type EntrySight,
  type Survey,
  type TaskSight,
} from '@coppice/core'
import { objectId } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { stateAfter } from './helpers/given.js'
import { booksOf, entryOf, healthySurvey, NOTHING } from './helpers/healthy-survey.js'
import { owedIn, SITUATION_NAMES, SITUATIONS } from './helpers/situations.js'

const task = stateAfter('task.requested', 'worktree.created', 'checkpoint.taken')!
const healthy = healthySurvey([task])
const sight = healthy.tasks[task.id]!
const entry = sight.entry!

/** What a doctor says of a world in which this is otherwise than it should be. */
function found(change: Partial<Survey>): readonly Drift[] {
  return diagnose(booksOf([task]), { ...healthy, ...change })
}

function withSight(change: Partial<TaskSight>): readonly Drift[] {
  return found({ tasks: { [task.id]: { ...sight, ...change } } })
}

function withEntry(change: Partial<EntrySight>): readonly Drift[] {
  const changed = { ...entry, ...change }
  return found({ entries: [changed], tasks: { [task.id]: { ...sight, entry: changed } } })
}

test.each(SITUATION_NAMES.filter((name) => owedIn(name) === null && name !== 'not requested'))(
  'a world that is as the log says is healthy: %s',
  (situation) => {
    const tasks = [stateAfter(...SITUATIONS[situation])!]
    expect(diagnosisOf(diagnose(booksOf(tasks), healthySurvey(tasks)))).toEqual({ healthy: true, drifts: [] })
  },
)

test.each(SITUATION_NAMES.filter((name) => owedIn(name) !== null))(
  'what is owed is told: %s',
  (situation) => {
    const tasks = [stateAfter(...SITUATIONS[situation])!]
    const codes = diagnose(booksOf(tasks), healthySurvey(tasks)).map(({ code }) => code)
    expect(codes).toContain('effect-owed')
  },
)

describe('each drift alone', () => {
  test.each<[Drift['code'], readonly Drift[]]>([
    ['worktree-missing', withSight({ place: NOTHING })],
    ['worktree-moved', withSight({ place: NOTHING, movedTo: '/elsewhere' })],
    ['repository-moved', withSight({ movedTo: task.path })],
    ['place-occupied', withSight({ place: { ...NOTHING, standing: 'other' } })],
    ['entry-missing', found({ entries: [], tasks: { [task.id]: { ...sight, entry: null } } })],
    ['pointer-broken', withSight({ place: { ...sight.place, names: null }, content: 'own' })],
    ['place-occupied', withSight({ place: { ...sight.place, names: null }, content: 'foreign' })],
    ['worktree-missing', withSight({ place: { ...sight.place, names: null }, content: 'empty' })],
    ['entry-poisoned', withEntry({ commondir: '' })],
    ['entry-broken', withEntry({ commondir: null })],
    ['entry-broken', withEntry({ path: null })],
    ['head-broken', withEntry({ head: '', branch: null, commit: null })],
    ['worktree-locked', withEntry({ locked: 'mine' })],
    ['operation-under-way', withEntry({ operation: 'a rebase', branch: null })],
    ['head-elsewhere', withEntry({ branch: 'other' })],
    ['branch-missing', withSight({ tip: null, tipToKnown: null, headToTip: null })],
    ['branch-moved', withSight({ tipToKnown: 'behind' })],
    ['branch-moved', withSight({ tipToKnown: 'diverged' })],
    ['branch-foreign', found({ refs: { ...healthy.refs, 'refs/heads/coppice/other': objectId('0') } })],
    ['pin-missing', found({ refs: { ...healthy.refs, [task.checkpoint!.ref]: objectId('0') } })],
    ['target-missing', withSight({ target: null })],
    ['worktree-foreign', found({ entries: [entry, { ...entry, gitDir: '/x', task: null, marked: false }] })],
    [
      'entry-left',
      found({ entries: [entry, { ...entry, gitDir: '/x', path: '/gone', standing: 'nothing' }] }),
    ],
    ['half-made', found({ leftovers: [{ kind: 'making', path: '/w/.making/x', task: task.id }] })],
    ['trash-left', found({ leftovers: [{ kind: 'trash', path: '/w/.trash/x', task: task.id }] })],
    ['entry-trash', found({ leftovers: [{ kind: 'entry-trash', path: '/t', task: null }] })],
    ['lock-stale', found({ locks: [{ path: '/l', inode: 1, mtimeMs: 1, holder: null }] })],
    ['lock-held', found({ locks: [{ path: '/l', inode: 1, mtimeMs: 1, holder: 'somebody' }] })],
    ['bare-flipped', found({ bareFlags: [{ file: '/f', workTree: '/w' }] })],
    ['landing-unfinished', found({ landingMarked: true })],
    ['leak-suspected', found({ leaks: [{ task: task.id, path: '/w/f' }] })],
  ])('%s', (code, drifts) => {
    expect(drifts.map((drift) => drift.code)).toEqual([code])
    expect(drifts[0]!.meaning).not.toBe('')
  })

  test.each([
    ['its ref, too', { 'refs/heads/coppice/fix-login': sight.tip! }],
    ['not its ref', healthy.refs],
  ])('pin-lost, with its names, where the commit is gone, and %s', (_, refs) => {
    const drifts = found({ refs, commits: [] })
    expect(drifts).toMatchObject([
      { code: 'pin-lost', subject: task.checkpoint!.ref, remedy: { kind: 'refusal' } },
    ])
    expect(drifts[0]!.meaning).toContain(task.checkpoint!.commit)
  })
})

test('only errors and warnings make a repository unhealthy', () => {
  expect(diagnosisOf(withEntry({ locked: '' })).healthy).toBe(true)
  expect(diagnosisOf(withSight({ target: null })).healthy).toBe(false)
})

test('a branch is only moved on to follow a HEAD that has all of it', () => {
  const away = (headToTip: TaskSight['headToTip']): Drift => {
    const changed = { ...entry, branch: 'other', commit: objectId('7') }
    return found({ entries: [changed], tasks: { [task.id]: { ...sight, entry: changed, headToTip } } })[0]!
  }
  expect(away('same').remedy).toMatchObject({ actions: [{ kind: 'write-file' }] })
  expect(away('ahead').remedy).toMatchObject({
    actions: [{ kind: 'move-ref', to: objectId('7') }, { kind: 'write-file' }],
  })
  expect(away('behind').remedy).toMatchObject({ kind: 'refusal' })
  expect(away('diverged').remedy).toMatchObject({ kind: 'refusal' })
})

test('nothing is done under an agent’s feet, nor under those of another process', () => {
  const moved = { ...healthy, tasks: { [task.id]: { ...sight, place: NOTHING, movedTo: '/elsewhere' } } }
  const own = new Set([task.id])
  const attended = diagnose({ ...booksOf([task]), attended: own }, moved)
  const busy = diagnose({ ...booksOf([task]), busy: own }, moved)
  expect(attended).toMatchObject([{ code: 'worktree-moved', severity: 'error', remedy: { kind: 'refusal' } }])
  expect(busy).toMatchObject([{ code: 'worktree-moved', severity: 'note', remedy: { kind: 'refusal' } }])
})

test('a worktree that bears the mark of a task the log does not know is foreign', () => {
  const drifts = diagnose(booksOf([]), {
    ...healthySurvey([]),
    entries: [entryOf(task, '/x', objectId('0'))],
  })
  expect(drifts).toMatchObject([{ code: 'worktree-foreign', severity: 'note', remedy: { kind: 'refusal' } }])
})

test('a branch that the log says is gone goes only as it was, pinned first', () => {
  const gone = stateAfter(
    'task.requested',
    'worktree.created',
    'checkpoint.taken',
    'task.abandoned',
    'worktree.removed',
  )!
  const back = (tip: string, checkedOut: readonly string[] = []): readonly Drift[] => {
    const world = healthySurvey([gone])
    const refs = { ...world.refs, [`refs/heads/${gone.branch}`]: tip }
    const tasks = { [gone.id]: { ...world.tasks[gone.id]!, tip } }
    return diagnose(booksOf([gone]), { ...world, refs, tasks, checkedOut })
  }
  const tip = gone.checkpoint!.tip!
  expect(back(tip)).toMatchObject([
    {
      code: 'branch-left',
      remedy: {
        actions: [
          { kind: 'move-ref', from: null, to: tip },
          { kind: 'move-ref', from: tip, to: null },
        ],
      },
    },
  ])
  expect(back(tip, [gone.branch])).toMatchObject([{ severity: 'note', remedy: { kind: 'refusal' } }])
  expect(back(objectId('9'))).toMatchObject([{ severity: 'note', remedy: { kind: 'refusal' } }])
})
