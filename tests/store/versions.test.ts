import { writeFileSync } from 'node:fs'
import { isCoppiceError } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { factsOf, parked } from './helpers/facts.js'
import { filesOf, header, line, record, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

describe('a log of a newer version', () => {
  it.each([
    ['header', header({ v: 3 }).text],
    ['record', header().text + line(header().hash, { ...record, v: 3, new: true }).text],
  ])('is refused at its %s, with the way out', async (_, text) => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    writeFileSync(segmentPath(directory), text)
    const log = await openFileLog(directory)
    for (const error of [
      await errorOf(factsOf(log)),
      await errorOf(log.append('task/a', [parked('')], 'any')),
    ]) {
      expect(isCoppiceError(error, 'log-version')).toBe(true)
      expect(error).toMatchObject({ version: 3, supported: 2, hint: expect.stringContaining('upgrade') })
    }
    expect(filesOf(directory)['00000001.jsonl']).toBe(text)
    await log.close()
  })

  it.each([
    ['header', header().text.replace('"v":2', '"v":3')],
    ['record', header().text + line(header().hash, record).text.replace('"v":2', '"v":3')],
  ])('is not what a damaged version in a %s is taken for', async (_, text) => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    writeFileSync(segmentPath(directory), text)
    const error = await errorOf(factsOf(await openFileLog(directory)))
    expect(isCoppiceError(error, 'log-corrupt')).toBe(true)
  })

  it('is read with fields that this version does not know, and with types that it does not know', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    const first = header()
    const text = line(first.hash, { ...record, type: 'task.teleported', extra: [1] }).text
    writeFileSync(segmentPath(directory), first.text + text)
    const [fact] = await factsOf(await openFileLog(directory))
    expect(fact).toMatchObject({ type: 'task.teleported', sequence: 1 })
  })
})

describe('a log of version 1', () => {
  const { synced: _, ...fields } = record
  const first = header({ v: 1 })
  const one = line(first.hash, { ...fields, v: 1 })
  const two = line(one.hash, { ...fields, v: 1, seq: 2, version: 2 })

  it('is read, and goes on in the newest version', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    writeFileSync(segmentPath(directory), first.text + one.text + two.text)
    const log = await openFileLog(directory)
    expect((await factsOf(log)).map(({ hash }) => hash)).toEqual([one.hash, two.hash])
    await log.append('task/a', [parked('newer')], 2)
    expect(await factsOf(await openFileLog(directory))).toHaveLength(3)
    const added = filesOf(directory)['00000001.jsonl']!.slice(
      first.text.length + one.text.length + two.text.length,
    )
    expect(JSON.parse(added)).toMatchObject({ v: 2, seq: 3, version: 3 })
    await log.close()
  })

  it('is damaged where a broken record is followed by one, since that may have been acknowledged', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    const text = first.text + one.text.replace('"seq"', '\n') + two.text
    writeFileSync(segmentPath(directory), text)
    const log = await openFileLog(directory)
    expect(await errorOf(factsOf(log))).toMatchObject({ code: 'log-corrupt', offset: first.text.length })
    expect(await errorOf(log.append('task/a', [parked('')], 'any'))).toMatchObject({ code: 'log-corrupt' })
    expect(filesOf(directory)['00000001.jsonl']).toBe(text)
    await log.close()
  })
})
