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
    ['header', header({ v: 2 }).text],
    ['record', header().text + line(header().hash, { ...record, v: 2, new: true }).text],
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
      expect(error).toMatchObject({ version: 2, supported: 1, hint: expect.stringContaining('upgrade') })
    }
    expect(filesOf(directory)['00000001.jsonl']).toBe(text)
    await log.close()
  })

  it.each([
    ['header', header().text.replace('"v":1', '"v":2')],
    ['record', header().text + line(header().hash, record).text.replace('"v":1', '"v":2')],
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
