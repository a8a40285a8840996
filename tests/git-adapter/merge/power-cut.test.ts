import { readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { readyToMerge } from '../helpers/merging.js'
import type { World } from '../helpers/world.js'

const GREETING = 'hello\nbrave\nnew\nworld\n'

/** A merge has moved the branch and the index of the checkout, and the power failed before its files were on the disk. */
async function cutOff(): Promise<World> {
  const { world } = await readyToMerge(`printf '${GREETING}' > src/greeting.txt; seq 100 > added`)
  const { user, engine } = world
  const from = user.git('rev-parse', 'main')
  await engine.command('fix', mergeRequest())
  const move = {
    gitDir: join(user.path, '.git'),
    workTree: user.path,
    from,
    to: user.git('rev-parse', 'main'),
  }
  writeFileSync(join(user.path, '.git/coppice/landing.json'), JSON.stringify(move))
  return world
}

/** Leaves a file as long as given, with zeros at its end, and with the time at which git wrote it. */
function tear(file: string, length: number, zeros: number): void {
  const { atimeMs, mtimeMs } = statSync(file)
  truncateSync(file, length)
  truncateSync(file, length + zeros)
  // A `Date` may be rounded up, and then the file would be newer than what git wrote.
  utimesSync(file, atimeMs / 1_000, Math.floor(mtimeMs) / 1_000)
}

test('files of a checkout that a power cut has emptied, cut short or zeroed are written again', async () => {
  for (const [length, zeros] of [
    [0, 0],
    [9, 0],
    [0, 20],
    [9, 7],
  ] as const) {
    const { user, engine } = await cutOff()
    tear(join(user.path, 'src/greeting.txt'), length, zeros)
    tear(join(user.path, 'added'), length, zeros)
    await engine.repair(false)
    expect(user.git('status', '--porcelain')).toBe('')
    expect(user.read('src/greeting.txt')).toBe(GREETING)
  }
})

test('what the user has made of them since then stays', async () => {
  const { user, engine } = await cutOff()
  const file = join(user.path, 'src/greeting.txt')
  tear(file, 6, 0)
  utimesSync(file, new Date(), new Date(Date.now() + 5_000))
  await engine.repair(false)
  expect(readFileSync(file, 'utf8')).toBe('hello\n')
})
