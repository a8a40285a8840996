import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventLog } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, parked } from './helpers/facts.js'
import { faultyDisk } from './helpers/faulty-disk.js'
import { filesOf, segmentPath } from './helpers/log-files.js'
import { dialogue, finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

const PROCESSES = 4
const APPENDS = 40

it('holds everything that several processes append at once, each append whole, while another follows', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  const followed: number[] = []
  const following = (async () => {
    for await (const { sequence } of log.subscribe()) {
      followed.push(sequence)
      if (followed.length === PROCESSES * APPENDS * 3) break
    }
  })()

  const children = Array.from({ length: PROCESSES }, (_, index) =>
    finished(start('append', directory, `task/${index}`, 3, APPENDS)),
  )
  const ends = await Promise.all(children)
  await following

  expect(ends.map(({ exitCode }) => exitCode)).toEqual(ends.map(() => 0))
  const facts = await factsOf(log)
  expect(facts).toHaveLength(PROCESSES * APPENDS * 3)
  expect(followed).toEqual(facts.map(({ sequence }) => sequence))
  for (const [index, { lines }] of ends.entries()) {
    const own = facts.filter(({ stream }) => stream === `task/${index}`)
    expect(own.map(({ sequence, hash }) => `${sequence} ${hash}`)).toEqual(lines)
    for (let append = 0; append < own.length; append += 3) {
      expect(own[append + 2]!.sequence).toBe(own[append]!.sequence + 2)
    }
  }
  await log.close()
})

it('passes on nothing of which the writer may yet say that it could not be synced', async () => {
  const directory = temporaryDirectory()
  let failing = false
  const disk = faultyDisk({
    sync: async (sync) => {
      if (!failing) return sync()
      failing = false
      // Long enough for the follower to see the lines.
      await delay(30)
      throw new Error('EIO')
    },
  })
  const log = await openFileLog(directory, { disk })
  const other = await openFileLog(directory)
  await other.append('task/b', [parked(1)], 'any')
  await log.append('task/a', [parked(2)], 'any')
  const followed: unknown[] = []
  const following = (async () => {
    for await (const { sequence, data } of other.subscribe()) followed.push([sequence, data])
  })()
  failing = true
  expect(await log.append('task/a', [parked('refused')], 1).catch(codeOf)).toBe('log-sync-failed')
  await other.append('task/b', [parked(3)], 1)
  await log.append('task/a', [parked(4)], 1)
  while (followed.length < 4) await delay(5)
  await other.close()
  await following
  expect(followed.map((fact) => JSON.stringify(fact))).toEqual(
    [1, 2, 3, 4].map((reason, index) => JSON.stringify([index + 1, { reason: String(reason) }])),
  )
  expect(await factsOf(await openFileLog(directory))).toHaveLength(4)
  await log.close()
})

it('goes on where the log is, not where a file was moved to', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', [parked(1)], 'any')
  const path = segmentPath(directory)
  renameSync(path, `${path}.aside`)
  copyFileSync(`${path}.aside`, path)
  expect(await log.append('task/a', [parked(2)], 'any').catch(codeOf)).toBe('log-corrupt')
  await log.close()
  const again = await openFileLog(directory)
  expect(await again.append('task/a', [parked(2)], 1)).toHaveLength(1)
  await again.close()
})

/** Appends two facts, and puts the log with the first of them back into its file. */
async function putBack(log: EventLog, directory: string): Promise<void> {
  await log.append('task/a', [parked('one')], 'any')
  const older = readFileSync(segmentPath(directory))
  await log.append('task/a', [parked('two')], 'any')
  writeFileSync(segmentPath(directory), older)
}

it('notices that an older log was put back into its file, and that it has gone on from there', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await putBack(log, directory)
  const other = await openFileLog(directory)
  await other.append('task/a', [parked('new')], 1)
  await other.close()
  expect(await log.append('task/a', [parked('three')], 'any').catch(codeOf)).toBe('log-corrupt')
  expect(await factsOf(await openFileLog(directory))).toHaveLength(2)
  await log.close()
})

it('leaves a log alone that was put back into its file and has become longer than it knew it', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await putBack(log, directory)
  const other = await openFileLog(directory)
  await other.append('task/a', [parked('x'.repeat(300))], 1)
  await other.close()
  const before = filesOf(directory)

  expect(await log.append('task/a', [parked('three')], 'any').catch(codeOf)).toBe('log-corrupt')
  expect(await factsOf(log, 3).catch(codeOf)).toBe('log-corrupt')

  expect(filesOf(directory)).toEqual(before)
  await log.close()
})

it('appends nothing to a log from which its path has been turned away', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'old'))
  symlinkSync('old', join(directory, 'state'))
  const log = await openFileLog(join(directory, 'state'))
  await log.append('task/a', [parked('one')], 'any')
  cpSync(join(directory, 'old'), join(directory, 'new'), { recursive: true })
  rmSync(join(directory, 'state'))
  symlinkSync('new', join(directory, 'state'))

  expect(await log.append('task/a', [parked('two')], 'any').catch(codeOf)).toBe('log-corrupt')
  await log.close()
})

it('tells a reader that facts which it has read are gone', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', [parked('one')], 'any')
  const { size } = statSync(segmentPath(directory))
  await log.append('task/a', [parked('two')], 'any')
  truncateSync(segmentPath(directory), size)
  expect(await factsOf(log).catch(codeOf)).toBe('log-corrupt')
  await log.close()
})

it('lets exactly one of several processes win each version of a stream', async () => {
  const directory = temporaryDirectory()
  const children = Array.from({ length: PROCESSES }, () => finished(start('count', directory, 20)))
  const ends = await Promise.all(children)
  expect(ends.map(({ exitCode }) => exitCode)).toEqual(ends.map(() => 0))

  const log = await openFileLog(directory)
  const facts = await factsOf(log)
  expect(facts.map(({ version }) => version)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1))
  for (const fact of facts) {
    expect(fact.data).toEqual({ reason: expect.stringMatching(new RegExp(` saw ${fact.version - 1}$`)) })
  }
})

it('takes no harm from a process that was stopped for long and goes on with what it knew', async () => {
  const directory = temporaryDirectory()
  const child = start('appendOnDemand', directory)
  const ask = dialogue(child)
  expect(await ask('task/a 0')).toBe('1')

  child.kill('SIGSTOP')
  const log = await openFileLog(directory, { segmentBytes: 1_000 })
  for (let index = 0; index < 30; index++) await log.append('task/a', [parked(index)], 'any')
  child.kill('SIGCONT')

  expect(await ask('task/a 1')).toBe('version-conflict')
  expect(await ask('task/a 31')).toBe('32')
  expect(await ask('task/b any')).toBe('33')
  const facts = await factsOf(await openFileLog(directory))
  expect(facts.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1))
})

it('goes on in the segment that another process has begun meanwhile', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  const other = await openFileLog(directory, { segmentBytes: 1 })
  await log.append('task/a', [parked(1)], 'any')
  await other.append('task/a', [parked(2)], 1)
  await log.append('task/a', [parked(3)], 2)
  const facts = await factsOf(await openFileLog(directory))
  expect(facts.map(({ data }) => data)).toEqual([{ reason: '1' }, { reason: '2' }, { reason: '3' }])
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl', '00000002.jsonl'])
  await Promise.all([log.close(), other.close()])
})

it('frees the log when a process dies while it appends', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  const child = start('append', directory, 'task/a', 1, 1_000_000)
  for await (const { sequence } of log.subscribe()) if (sequence === 20) break
  child.kill('SIGKILL')
  const [recorded] = await log.append('task/b', [parked('after')], 'no-stream')
  expect((await factsOf(log)).at(-1)).toEqual(recorded)
  await log.close()
})
