import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { mayComeBack } from '../../../packages/git-adapter/src/pool/come-back.js'
import type { Site } from '../../../packages/git-adapter/src/site.js'

const PATIENCE_MS = 60_000

/** A site with something in its trash, of which a ready worktree of so many bytes is going to be made. */
function siteWith(bytes: number) {
  const { path } = makeRepository()
  const directory = join(path, '.git', 'coppice')
  mkdirSync(join(directory, 'pristine', 'thrown'), { recursive: true })
  writeFileSync(join(directory, 'pristine', 'thrown', 'record'), JSON.stringify({ bytes }))
  const nextReuse = vi.fn<() => Promise<void>>(async () => undefined)
  const rubbish = { paths: new Set([join(path, 'thrown')]), nextReuse }
  const repository = { commonDir: join(path, '.git') }
  const site = { rubbish, repository, workshop: { directory }, poolLimits: () => ({ size: 1, maxBytes: 1 }) }
  return { site: site as unknown as Site, nextReuse }
}

test('what takes long to check out is waited for', async () => {
  const { site, nextReuse } = siteWith(2 ** 23)
  expect(await mayComeBack(site, performance.now() + PATIENCE_MS)).toBe(true)
  expect(nextReuse).toHaveBeenCalledOnce()
})

test('what is quicker made anew is not', async () => {
  const { site, nextReuse } = siteWith(2 ** 20)
  expect(await mayComeBack(site, performance.now() + PATIENCE_MS)).toBe(false)
  expect(nextReuse).not.toHaveBeenCalled()
})

test('nothing is waited for longer than it was said', async () => {
  const { site, nextReuse } = siteWith(2 ** 23)
  expect(await mayComeBack(site, performance.now())).toBe(false)
  expect(nextReuse).not.toHaveBeenCalled()
})

test('who is told to stop waits for nothing', async () => {
  const { site } = siteWith(2 ** 23)
  const waiting = mayComeBack(site, performance.now() + PATIENCE_MS, AbortSignal.abort())
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})
