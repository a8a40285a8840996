import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ProgressLine } from '../../../packages/coppice/src/cli/output/progress-line.js'

function terminal(): { readonly write: (text: string) => boolean; readonly written: string[] } {
  const written: string[] = []
  return { written, write: (text) => written.push(text) > 0 }
}

test('one line says how far something has come, and is empty when it is over', async () => {
  const stream = terminal()
  const result = await new ProgressLine('reading', stream).during(async (onProgress) => {
    for (const read of [0, 1, 2]) onProgress({ read, total: 3 })
    await delay(150)
    onProgress({ read: 3, total: 3 })
    return 'done'
  })
  expect(result).toBe('done')
  const line = '\r\u001b[K'
  expect(stream.written).toEqual([`${line}reading: 0 %`, `${line}reading: 100 %`, line])
})

test('it is emptied too when the work fails, and where nobody watches nothing is written', async () => {
  const stream = terminal()
  const fail = async (onProgress: (progress: { read: number; total: number }) => void): Promise<void> => {
    onProgress({ read: 0, total: 0 })
    throw new Error('no')
  }
  await expect(new ProgressLine('reading', stream).during(fail)).rejects.toThrow('no')
  expect(stream.written.at(-1)).toBe('\r\u001b[K')
  await expect(new ProgressLine('reading', null).during(fail)).rejects.toThrow('no')
})
