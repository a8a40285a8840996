import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryLog, openFileLog } from '@coppice/store'
import { eventLogContract, reopenedLogContract, type ReopenableLog } from '@coppice/testkit'
import { describe, expect, it } from 'vitest'

/** So small that most cases roll over into new segments. */
const SEGMENT_BYTES = 2_000

describe('the memory log', () => {
  it.each(eventLogContract(async () => ({ log: new MemoryLog() })))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

describe.each([
  ['the file log', undefined],
  ['the file log in small segments', SEGMENT_BYTES],
])('%s', (_, segmentBytes) => {
  const open = (): Promise<ReopenableLog> => openInTemporaryDirectory(segmentBytes)
  it.each([...eventLogContract(open), ...reopenedLogContract(open)])('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

async function openInTemporaryDirectory(segmentBytes: number | undefined): Promise<ReopenableLog> {
  const directory = mkdtempSync(join(tmpdir(), 'coppice-contract-'))
  const options = segmentBytes === undefined ? {} : { segmentBytes }
  return {
    log: await openFileLog(join(directory, 'coppice'), options),
    reopen: () => openFileLog(join(directory, 'coppice'), options),
    dispose: async () => rmSync(directory, { recursive: true }),
  }
}
