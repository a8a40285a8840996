import { setTimeout as delay } from 'node:timers/promises'
import { openFileLog } from '@coppice/store'
import { expect, it } from 'vitest'
import { factsOf } from './helpers/facts.js'
import { finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

const ROUNDS = 10
const FACTS_PER_APPEND = 3

it.each([
  ['small', 0],
  // The kernel ends a write that takes long where it is when its process is killed.
  ['large', 300_000],
])('has every acknowledged fact after many kills, and of no append a half: %s facts', async (_, padding) => {
  const directory = temporaryDirectory()
  const follower = await openFileLog(directory)
  const followed: string[] = []
  const following = (async () => {
    for await (const { sequence, hash } of follower.subscribe()) followed.push(`${sequence} ${hash}`)
  })()

  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const child = start('append', directory, `task/${round}`, FACTS_PER_APPEND, 1_000_000, padding)
    const ending = finished(child)
    // Killed somewhere in its work; how far it came differs from run to run, what has to hold does not.
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await delay(Math.random() * 40)
    child.kill('SIGKILL')
    acknowledged.push(...(await ending).lines)
  }

  const facts = await factsOf(await openFileLog(directory))
  const held = facts.map(({ sequence, hash }) => `${sequence} ${hash}`)
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * FACTS_PER_APPEND)
  expect(acknowledged.filter((line) => !new Set(held).has(line))).toEqual([])
  expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((__, index) => index + 1))
  for (let round = 0; round < ROUNDS; round++) {
    const own = facts.filter(({ stream }) => stream === `task/${round}`)
    expect(own.length % FACTS_PER_APPEND).toBe(0)
  }
  while (followed.length < held.length) await delay(10)
  await follower.close()
  await following
  expect(followed).toEqual(held)
})
