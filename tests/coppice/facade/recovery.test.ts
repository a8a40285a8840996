import { openCoppice, repairLog, verifyLog } from 'coppice'
import { expect, test } from 'vitest'
import { flipBit, logFile } from '../../helpers/damaged-log.js'
import { makeRepository } from '../../helpers/repository.js'

test('a log that cannot be opened can be verified and repaired', async () => {
  const { path: repo, ...repository } = makeRepository()
  const coppice = await openCoppice({ repo })
  const task = await coppice.create({ id: 'a' })
  await coppice.close()
  flipBit(logFile({ path: repo, ...repository }), 300)
  await expect(openCoppice({ repo })).rejects.toMatchObject({
    code: 'log-corrupt',
    hint: expect.stringContaining('`coppice repair`'),
  })

  const told: number[] = []
  const report = await verifyLog({ repo, onProgress: ({ read }) => void told.push(read) })
  expect(report).toMatchObject({ healthy: false, findings: [{ kind: 'damaged', line: 2 }] })
  expect(told.length).toBeGreaterThan(0)

  const planned = await repairLog({ repo, dryRun: true })
  const repaired = await repairLog({ repo })
  expect(repaired).toMatchObject({ items: planned.items, report: { healthy: true } })
  const again = await openCoppice({ repo })
  expect(again.task('a').state).toEqual(task.state)
  await again.close()
})

test('both can be cancelled', async () => {
  const { path: repo } = makeRepository()
  const coppice = await openCoppice({ repo })
  await coppice.create({ id: 'a' })
  await coppice.close()
  const reason = new Error('enough')
  const signal = AbortSignal.abort(reason)
  await expect(verifyLog({ repo, signal })).rejects.toBe(reason)
  await expect(repairLog({ repo, signal })).rejects.toBe(reason)
})

test('outside of a repository both say so', async () => {
  const { scratch: repo } = makeRepository()
  await expect(verifyLog({ repo })).rejects.toMatchObject({ code: 'not-a-repository' })
  await expect(repairLog({ repo })).rejects.toMatchObject({ code: 'not-a-repository' })
})
