import {
  diagnose,
  type Books,
  type Drift,
  type EntrySight,
  type Fact,
  type FactType,
  type Survey,
  type TaskSight,
  type TaskState,
  type WorldAction,
} from '@coppice/core'
import { objectId } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stateAfter } from './helpers/given.js'
import { booksOf } from './helpers/healthy-survey.js'
import { SITUATION_NAMES, SITUATIONS } from './helpers/situations.js'

const commit = fc.constantFrom('0', '1', 'c', 'd').map(objectId)
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null })
const standing = fc.constantFrom('nothing', 'directory', 'file', 'other')
const id = fc.constantFrom('fix-login', 'other')
const gitDir = fc.constantFrom('fix-login', 'other', 'x').map((name) => `/srv/repo/.git/worktrees/${name}`)
const path = fc
  .constantFrom('fix-login', '.making/fix-login+coppice')
  .map((name) => `/srv/repo.worktrees/${name}`)
const branch = fc.constantFrom('main', 'coppice/fix-login', 'other')
const relation = fc.constantFrom('same', 'behind', 'ahead', 'diverged')
const text = maybe(fc.constantFrom('', '../..', 'nonsense'))

const entry: fc.Arbitrary<EntrySight> = fc.record({
  gitDir,
  task: maybe(id),
  marked: fc.boolean(),
  path: maybe(path),
  standing,
  commondir: text,
  head: text,
  branch: maybe(branch),
  commit: maybe(commit),
  lastCommit: maybe(commit),
  locked: text,
  operation: maybe(fc.constant('a rebase')),
})

const sight: fc.Arbitrary<TaskSight> = fc.record({
  place: fc.record({ standing, dotGit: standing, names: maybe(gitDir) }),
  entry: maybe(entry),
  content: maybe(fc.constantFrom('own', 'foreign', 'empty')),
  movedTo: maybe(path),
  recorded: fc.boolean(),
  tip: maybe(commit),
  headToTip: maybe(relation),
  known: maybe(commit),
  tipToKnown: maybe(relation),
  target: maybe(commit),
  landed: maybe(fc.boolean()),
})

const ref = fc.constantFrom(
  'refs/heads/main',
  'refs/heads/coppice/fix-login',
  'refs/heads/coppice/other',
  'refs/coppice/fix-login/checkpoints/1',
)

const survey: fc.Arbitrary<Survey> = fc.record({
  commonDir: fc.constant('/srv/repo/.git'),
  branchPrefix: fc.constant('coppice/'),
  checkedOut: fc.array(branch),
  tasks: fc.dictionary(id, sight),
  entries: fc.array(entry, { maxLength: 3 }),
  leftovers: fc.array(
    fc.record({
      kind: fc.constantFrom('making', 'verifying', 'trash', 'entry-trash'),
      path,
      task: maybe(id),
    }),
  ),
  refs: fc.dictionary(ref, commit),
  commits: fc.array(commit),
  locks: fc.array(
    fc.record({
      path: fc.constant('/l'),
      inode: fc.nat(),
      mtimeMs: fc.nat(),
      holder: maybe(fc.constant('git')),
    }),
  ),
  bareFlags: fc.constant([]),
  operations: fc.constant([]),
  landingMarked: fc.boolean(),
  leaks: fc.constant([]),
})

const task = fc
  .tuple(fc.constantFrom(...SITUATION_NAMES.filter((name) => name !== 'not requested')), fc.boolean())
  .map(([name, pinned]): TaskState => {
    const history: readonly (Fact | FactType)[] = SITUATIONS[name]
    const facts = history.flatMap((fact) =>
      pinned && fact === 'worktree.created' ? [fact, 'checkpoint.taken' as const] : [fact],
    )
    return stateAfter(...facts)!
  })

/** Every step of every repair, with its drift. */
function stepsOf(drifts: readonly Drift[]): readonly (readonly [Drift, WorldAction])[] {
  return drifts.flatMap((drift) =>
    drift.remedy.kind === 'refusal'
      ? []
      : drift.remedy.actions.flatMap((action) =>
          action.kind === 'settle' || action.kind === 'find-again' ? [] : [[drift, action] as const],
        ),
  )
}

function forAnyWorld(check: (books: Books, world: Survey, drifts: readonly Drift[]) => void): void {
  fc.assert(
    fc.property(task, survey, (state, world) => {
      const books = booksOf([state])
      check(books, world, diagnose(books, world))
    }),
    { numRuns: 2_000 },
  )
}

test('in any world, no branch but a task’s own is moved, and none is deleted that is not pinned in the step before', () => {
  forAnyWorld(({ tasks }, _, drifts) => {
    const ours = new Set(tasks.map((state) => `refs/heads/${state.branch}`))
    const steps = stepsOf(drifts)
    const odd = steps.filter(([drift, action], index) => {
      if (action.kind !== 'move-ref') return false
      if (!ours.has(action.ref) && !action.ref.startsWith('refs/coppice/fix-login/')) return true
      const [same, before] = steps[index - 1] ?? []
      const isPinned = same === drift && before?.kind === 'move-ref' && before.to === action.from
      return action.to === null && !isPinned
    })
    expect(odd).toEqual([])
  })
})

test('in any world, an entry that is not ours is touched in nothing but its empty commondir', () => {
  forAnyWorld(({ tasks }, world, drifts) => {
    const ids = new Set(tasks.map((state) => state.id))
    const known = [...world.entries, ...Object.values(world.tasks).flatMap((each) => each.entry ?? [])]
    const ours = known.filter((each) => ids.has(each.task ?? '')).map((each) => each.gitDir)
    const own = [...ours, ...tasks.flatMap((state) => state.gitDir ?? [])]
    const touched = stepsOf(drifts).flatMap(([, action]) => {
      if (action.kind === 'drop-entry') return `${action.gitDir}/`
      return action.kind === 'write-file' && action.was !== '' ? [action.path] : []
    })
    expect(touched.filter((file) => !own.some((directory) => file.startsWith(`${directory}/`)))).toEqual([])
  })
})

test('in any world, nothing is repaired of a task that another process is at work on', () => {
  forAnyWorld((books, world) => {
    const busy = new Set(books.tasks.map((state) => state.id))
    const touched = stepsOf(diagnose({ ...books, busy }, world)).filter(([drift]) => drift.task !== null)
    expect(touched).toEqual([])
  })
})

test('in any world, every drift says what it means and is about something', () => {
  forAnyWorld((_, __, drifts) => {
    for (const drift of drifts) {
      expect(drift.meaning).not.toMatch(/undefined|null|\[object/)
      expect(drift.subject).not.toMatch(/undefined|null|\[object/)
      expect(drift.remedy).not.toMatchObject({ actions: [] })
    }
  })
})
