import type { Engine, MergeStrategy, Request } from '@coppice/core'
import type { WorkspaceWorld } from '@coppice/testkit'
import fc from 'fast-check'

/** A world, and the engine that acts on it. */
export interface Place {
  readonly world: WorkspaceWorld
  readonly engine: Engine
}

/** Something that somebody does in a world; it may be refused. */
export interface Deed {
  readonly name: string
  readonly run: (place: Place) => Promise<unknown>
  toString(): string
}

const PATHS = ['a', 'b', 'dir/a']
const WORDS = ['one', 'two']
const MODES = ['100644', '100644', '100755'] as const
const STRATEGIES: readonly MergeStrategy[] = ['merge', 'squash', 'rebase', 'ff']

const deed = (name: string, run: Deed['run']): Deed => ({ name, run, toString: () => name })

const TARGETS = ['main', 'main', 'side']
const VERIFICATIONS = ['no', 'no', 'succeeding', 'failing'] as const

const agent =
  (run: (hands: ReturnType<WorkspaceWorld['at']>) => Promise<unknown>): Deed['run'] =>
  ({ world, engine }) =>
    run(world.at(engine.find('fix')!.path))

const ask =
  (request: Request): Deed['run'] =>
  ({ engine }) =>
    engine.command('fix', request)

const path = fc.constantFrom(...PATHS)
const word = fc.constantFrom(...WORDS)

const agentDeeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(path, word, fc.constantFrom(...MODES)).map(([file, text, mode]) =>
    deed(
      `write ${text} to ${file}, ${mode}`,
      agent((hands) => hands.write(file, `${text} of ${file}\n`, mode)),
    ),
  ),
  // Never in the place of a file, for of a conflict between the two git tells under another name, too.
  word.map((text) =>
    deed(
      `link to ${text}`,
      agent((hands) => hands.write('link', text, '120000')),
    ),
  ),
  path.map((file) =>
    deed(
      `remove ${file}`,
      agent((hands) => hands.remove(file)),
    ),
  ),
  fc.option(path, { nil: undefined }).map((file) =>
    deed(
      `stage ${file ?? 'all'}`,
      agent((hands) => hands.stage(file)),
    ),
  ),
  fc.nat(3).map((number) =>
    deed(
      `commit ${number}`,
      agent((hands) => hands.commit(`commit ${number}`)),
    ),
  ),
  fc.nat(3).map((number) =>
    deed(
      `amend ${number}`,
      agent((hands) => hands.amend(`amended ${number}`)),
    ),
  ),
  fc.constantFrom(
    deed(
      'detach',
      agent((hands) => hands.detach()),
    ),
    deed(
      'branch off to side',
      agent((hands) => hands.branchOff('side')),
    ),
    deed(
      'switch to side',
      agent((hands) => hands.switchTo('side')),
    ),
    deed(
      'switch to coppice/fix',
      agent((hands) => hands.switchTo('coppice/fix')),
    ),
  ),
)

const BRANCH = 'refs/heads/coppice/fix'

const userDeeds: fc.Arbitrary<Deed> = fc.oneof(
  fc
    .tuple(fc.constantFrom('main', 'main', 'coppice/fix'), path, fc.option(word, { nil: null }))
    .map(([branch, file, text]) =>
      deed(`commit ${file} to ${branch}: ${text}`, ({ world }) =>
        world.commitTo(branch, { [file]: text && `${text} of ${file}\n`, beside: `${text}\n` }),
      ),
    ),
  fc.constantFrom(
    deed('delete the directory', ({ world, engine }) => world.deleteDirectory(engine.find('fix')!.path)),
    deed('delete the entry', ({ world, engine }) =>
      world.deleteEntry(engine.find('fix')!.gitDir ?? '/nowhere'),
    ),
    deed('delete the branch', ({ world }) => world.moveRef(BRANCH, null)),
    deed('move the branch back', async ({ world, engine }) =>
      world.moveRef(BRANCH, engine.find('fix')!.base.commit),
    ),
    deed('move the worktree', ({ world, engine }) => {
      const { path: from } = engine.find('fix')!
      return world.moveWorktree(from, `${from}-moved`)
    }),
    deed('add a worktree on side', ({ world }) => world.addWorktree('mine', 'side')),
    deed('add a worktree on coppice/fix', ({ world }) => world.addWorktree('mine', 'coppice/fix')),
    deed('put something in the place', async ({ world, engine }) => {
      const { path: place } = engine.find('fix')!
      if ((await world.look(place)) === null) await world.makeDirectory(place)
    }),
    deed('lock', ({ world, engine }) => world.lockWorktree(engine.find('fix')!.path)),
  ),
)

const engineDeeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom(
    deed('checkpoint', ({ engine }) => engine.checkpoint('fix', undefined)),
    deed('park', ask({ type: 'task.park', data: { reason: null } })),
    deed('resume', ask({ type: 'task.resume', data: {} })),
    deed('abandon', ask({ type: 'task.abandon', data: { reason: null } })),
    deed('restore', ask({ type: 'task.restore', data: {} })),
    deed('recover', ({ engine }) => engine.recover()),
    deed('repair', ({ engine }) => engine.repair(false)),
  ),
  fc
    .tuple(fc.constantFrom(...STRATEGIES), fc.constantFrom(...TARGETS), fc.constantFrom(...VERIFICATIONS))
    .map(merge),
)

function merge([strategy, into, how]: readonly [
  MergeStrategy,
  string,
  (typeof VERIFICATIONS)[number],
]): Deed {
  return deed(`${strategy} into ${into}, ${how} verification`, ({ world, engine }) => {
    const verify = how === 'no' ? null : world.commands[how]
    return engine.command('fix', { type: 'task.merge', data: { strategy, into, verify, message: null } })
  })
}

/** What agents, users and engines do, as it comes. */
export const arbitraryDeeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { arbitrary: agentDeeds, weight: 6 },
    { arbitrary: userDeeds, weight: 2 },
    { arbitrary: engineDeeds, weight: 4 },
  ),
  { minLength: 3, maxLength: 16 },
)
