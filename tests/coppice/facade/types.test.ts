import { openCoppice, type Coppice, type MergeOutcome, type RecordedFactOf, type Task } from 'coppice'
import { expect, expectTypeOf, test } from 'vitest'

/** Never called: these lines are checked by the compiler, which fails where a line marked as wrong compiles. */
async function misuse(coppice: Coppice, task: Task): Promise<void> {
  // @ts-expect-error a repository has to be named
  await openCoppice({})
  // @ts-expect-error an unknown option is a typing error
  await openCoppice({ repo: '.', worktreeDir: '/tmp' })
  // @ts-expect-error set-up is a program and its arguments, not a shell string
  await openCoppice({ repo: '.', setup: 'npm install' })
  // @ts-expect-error a task has to have an id
  await coppice.create({ base: 'main' })
  // @ts-expect-error there is no such strategy
  await task.merge({ strategy: 'octopus' })
  // @ts-expect-error a verify command is a program and its arguments, not a shell string
  await task.merge({ verify: 'npm test' })
  // @ts-expect-error an agent is a program and its arguments, not a shell string
  await task.run('claude -p fix')
  // @ts-expect-error there is no such status
  coppice.tasks({ status: 'done' })
  // @ts-expect-error there is no such fact
  coppice.on('merge.finished', () => undefined)
  // @ts-expect-error facts of this type have no such data
  coppice.on('merge.landed', ({ data }) => data.files)
  // @ts-expect-error positions are numbers
  await coppice.stateAt('12')
  // @ts-expect-error the state is read only: facts change it
  task.state.status = 'merged'
  const outcome = await task.merge()
  // @ts-expect-error only a merge that landed has a commit
  expectTypeOf(outcome.commit)
}

test('wrong use does not compile', () => {
  expectTypeOf(misuse).toBeFunction()
  expect(misuse).toBeTypeOf('function')
})

test('an outcome’s status tells what else it has', () => {
  const files = (outcome: MergeOutcome): readonly string[] => {
    switch (outcome.status) {
      case 'merged':
        expectTypeOf(outcome.commit).toEqualTypeOf<string>()
        return []
      case 'conflicted':
        expectTypeOf(outcome.fileCount).toEqualTypeOf<number>()
        return outcome.files
      case 'rejected':
        expectTypeOf(outcome.exitCode).toEqualTypeOf<number | null>()
        return outcome.files
    }
  }
  expect(files({ status: 'conflicted', files: ['a'], fileCount: 1 })).toEqual(['a'])
})

test('a listener’s fact has the data of its type', () => {
  const listen = (coppice: Coppice): Coppice =>
    coppice.on('merge.landed', (fact) => {
      expectTypeOf(fact).toEqualTypeOf<RecordedFactOf<'merge.landed'>>()
      expectTypeOf(fact.data.commit).toEqualTypeOf<string>()
    })
  expect(listen).toBeTypeOf('function')
})
