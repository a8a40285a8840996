import { MortalSteps, UNDISTURBED } from '@coppice/testkit'
import { expect, test } from 'vitest'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What has become of a promise by now. */
async function fateOf(promise: Promise<unknown>): Promise<string> {
  let fate = 'pending'
  promise.then(
    () => (fate = 'resolved'),
    () => (fate = 'rejected'),
  )
  await turn()
  return fate
}

test('nothing happens at undisturbed steps', async () => {
  expect(await fateOf(UNDISTURBED.step('any'))).toBe('resolved')
})

test('as long as it lives, what becomes of a process at a step is somebody else’s to say', async () => {
  const names: string[] = []
  const living = new MortalSteps({
    step: (name) => {
      names.push(name)
      return name === 'fails' ? Promise.reject(new Error('EIO')) : Promise.resolve()
    },
  })
  expect([await fateOf(living.step('goes on')), await fateOf(living.step('fails'))]).toEqual([
    'resolved',
    'rejected',
  ])
  expect(names).toEqual(['goes on', 'fails'])
})

test('who is at a step when the end comes never goes on, and handles no error', async () => {
  const ways: ((error?: Error) => void)[] = []
  const doomed = new MortalSteps({
    step: () => new Promise((resolve, reject) => ways.push((error) => (error ? reject(error) : resolve()))),
  })
  const steps = [doomed.step('one'), doomed.step('other')]
  doomed.end()
  ways[0]!()
  ways[1]!(new Error('EIO'))
  expect(await Promise.all([...steps, doomed.step('later')].map(fateOf))).toEqual([
    'pending',
    'pending',
    'pending',
  ])
  expect(ways).toHaveLength(2)
})
