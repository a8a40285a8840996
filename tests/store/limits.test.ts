import type { Fact } from '@coppice/core'
import { FactNotJsonError, FactTooLargeError, MAX_RECORD_BYTES, MemoryLog, openFileLog } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { factsOf, parked } from './helpers/facts.js'
import { temporaryDirectory } from './helpers/temporary.js'

const logs = [
  ['the memory log', async () => new MemoryLog()],
  ['the file log', async () => openFileLog(temporaryDirectory())],
] as const

describe.each(logs)('%s', (_, open) => {
  it('refuses a fact whose record would be too large, with its size, and takes the largest one', async () => {
    const log = await open()
    const tooLarge: unknown = await log
      .append('task/a', [parked('small'), parked('x'.repeat(MAX_RECORD_BYTES))], 'any')
      .catch((error: unknown) => error)
    expect(tooLarge).toBeInstanceOf(FactTooLargeError)
    const { bytes } = tooLarge as FactTooLargeError
    expect(tooLarge).toMatchObject({ code: 'fact-too-large', type: 'task.parked', limit: MAX_RECORD_BYTES })

    const largest = parked('x'.repeat(MAX_RECORD_BYTES - (bytes - MAX_RECORD_BYTES)))
    const onMore = parked(`${largest.data.reason}x`)
    await expect(log.append('task/a', [onMore], 'any')).rejects.toMatchObject({ bytes: MAX_RECORD_BYTES + 1 })
    const recorded = await log.append('task/a', [largest, largest], 'any')
    expect(await factsOf(log)).toEqual(recorded)
    await log.close()
  })

  it.each([
    ['nothing', undefined],
    ['a number that JSON has not', { reason: 1n }],
  ])('refuses a fact with %s for data', async (__, data) => {
    const log = await open()
    const fact = { ...parked(''), data } as unknown as Fact
    await expect(log.append('task/a', [fact], 'any')).rejects.toBeInstanceOf(FactNotJsonError)
    expect(await factsOf(log)).toEqual([])
    await log.close()
  })

  it.each([
    ['type', { type: 7 }],
    ['time', { at: 1_700_000_000_000 }],
  ])('refuses a fact whose %s is no string, which no reader would take', async (__, fields) => {
    const log = await open()
    const fact = { ...parked(''), ...fields } as unknown as Fact
    await expect(log.append('task/a', [fact], 'any')).rejects.toBeInstanceOf(FactNotJsonError)
    const noStream = log.append(7 as unknown as string, [parked('')], 'any')
    await expect(noStream).rejects.toBeInstanceOf(FactNotJsonError)
    expect(await log.append('task/a', [parked('')], 'any')).toHaveLength(1)
    expect(await factsOf(log)).toHaveLength(1)
    await log.close()
  })
})
