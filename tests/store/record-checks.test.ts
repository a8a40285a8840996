import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { MAX_RECORD_BYTES, openFileLog } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { factsOf } from './helpers/facts.js'
import { header, line, record, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

describe('checks what the hash of a record cannot vouch for', () => {
  it.each<[what: string, fields: object]>([
    ['a sequence that leaves one out', { seq: 2 }],
    ['a stream version that leaves one out', { version: 2 }],
    ['no schema version', { v: undefined }],
    ['no stream', { stream: undefined }],
    ['no type', { type: 7 }],
    ['no data', { data: undefined }],
    ['no number of facts to come', { more: -1 }],
    ['that less than nothing was synced', { synced: -1 }],
    ['that it was synced before it was written', { synced: 1 }],
  ])('%s', async (_, fields) => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    const first = header()
    writeFileSync(segmentPath(directory), first.text + line(first.hash, { ...record, ...fields }).text)
    const error = await errorOf(factsOf(await openFileLog(directory)))
    expect(error).toMatchObject({ code: 'log-corrupt', offset: first.text.length })
  })

  it('a line that goes on for more than a record may', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1, 1], 1)
    const first = header().text
    writeFileSync(segmentPath(directory), first + 'x'.repeat(2 * MAX_RECORD_BYTES))
    const error = await errorOf(factsOf(await openFileLog(directory)))
    const expected = expect.stringContaining(String(MAX_RECORD_BYTES))
    expect(error).toMatchObject({ code: 'log-corrupt', offset: first.length, expected })
  })

  it('bytes that are no UTF-8, which would be read as other ones', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    const first = header()
    const body = Buffer.from(JSON.stringify({ ...record, data: { reason: 'x' } }).slice(0, -1))
    body[body.lastIndexOf('x')] = 0xef
    const link = Buffer.from(`${first.hash}"}\n`)
    const digest = createHash('sha256').update(link).update(body).digest('hex')
    const bytes = Buffer.concat([body, Buffer.from(`,"hash":"${digest}"}\n`)])
    writeFileSync(segmentPath(directory), Buffer.concat([Buffer.from(first.text), bytes]))
    const error = await errorOf(factsOf(await openFileLog(directory)))
    expect(error).toMatchObject({ code: 'log-corrupt', offset: first.text.length })
  })

  it('a header that leaves sequences out', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    writeFileSync(segmentPath(directory), header({ first: 2 }).text)
    expect(await errorOf(factsOf(await openFileLog(directory)))).toMatchObject({
      code: 'log-corrupt',
      offset: 0,
    })
  })

  it('an append that is cut short by the next one', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1])
    const first = header()
    const half = line(first.hash, { ...record, more: 2 })
    const next = line(half.hash, { ...record, seq: 2, version: 2, more: 0 })
    writeFileSync(segmentPath(directory), first.text + half.text + next.text)
    const error = await errorOf(factsOf(await openFileLog(directory)))
    expect(error).toMatchObject({ code: 'log-corrupt', offset: first.text.length + half.text.length })
  })
})
