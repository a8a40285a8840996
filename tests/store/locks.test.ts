import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '@coppice/core'
import { FileLocks, LockError } from '@coppice/store'
import { expect, it } from 'vitest'
import { LockFile } from '../../packages/store/src/locks/lock-file.js'
import { dialogue, finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('writes nothing before a lock is taken, and keeps the file afterwards', async () => {
  const directory = join(temporaryDirectory(), 'state', 'locks')
  const locks = new FileLocks(directory)
  expect(existsSync(directory)).toBe(false)
  await (await locks.acquire('task-a')).release()
  expect(readdirSync(directory)).toEqual(['task-a.lock'])
})

it('excludes a second holder of the same name, in one object and in another', async () => {
  const directory = temporaryDirectory()
  const [locks, others] = [new FileLocks(directory), new FileLocks(directory)]
  const lock = await locks.acquire('a')
  expect(await locks.tryAcquire('a')).toBeNull()
  expect(await others.tryAcquire('a')).toBeNull()
  const free = await others.tryAcquire('b')
  expect(free).not.toBeNull()
  await lock.release()
  const next = await others.tryAcquire('a')
  expect(next).not.toBeNull()
  await Promise.all([free?.release(), next?.release()])
})

it('serves the waiters of one process in the order in which they came', async () => {
  const locks = new FileLocks(temporaryDirectory())
  const order: number[] = []
  const first = await locks.acquire('a')
  const waiters = Array.from({ length: 10 }, (_, index) =>
    withLock(locks, 'a', undefined, async () => void order.push(index)),
  )
  await first.release()
  await Promise.all(waiters)
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('rejects an aborted waiter with the reason, and serves those behind it', async () => {
  const directory = temporaryDirectory()
  const locks = new FileLocks(directory)
  const reason = new Error('changed my mind')
  await expect(locks.acquire('a', AbortSignal.abort(reason))).rejects.toBe(reason)

  const first = await locks.acquire('a')
  const behindOwn = new AbortController()
  const behindOther = new AbortController()
  const aborted = locks.acquire('a', behindOwn.signal)
  const served = locks.acquire('a')
  const polling = new FileLocks(directory).acquire('a', behindOther.signal)
  behindOwn.abort(reason)
  behindOther.abort(reason)
  await expect(aborted).rejects.toBe(reason)
  await expect(polling).rejects.toBe(reason)
  await first.release()
  await (await served).release()
})

it('does not free the lock of the next holder when one releases twice', async () => {
  const locks = new FileLocks(temporaryDirectory())
  const first = await locks.acquire('a')
  await first.release()
  const second = await locks.acquire('a')
  await first.release()
  expect(await locks.tryAcquire('a')).toBeNull()
  await second.release()
})

it('waits for the holder in another process', async () => {
  const directory = temporaryDirectory()
  const locks = new FileLocks(directory)
  const child = start('holdLock', directory, 'a')
  await once(child.stdout, 'data')
  expect(await locks.tryAcquire('a')).toBeNull()
  const waiting = locks.acquire('a')
  child.stdin.write('end')
  await (await waiting).release()
})

it('has the lock as soon as its holder is killed', async () => {
  const directory = temporaryDirectory()
  const child = start('holdLock', directory, 'a')
  await once(child.stdout, 'data')
  const waiting = new FileLocks(directory).acquire('a')
  child.kill('SIGKILL')
  const lock = await waiting
  await expect(lock.release()).resolves.toBeUndefined()
})

it('excludes processes from one another', async () => {
  const directory = temporaryDirectory()
  const file = join(directory, 'number')
  writeFileSync(file, '0')
  const children = Array.from({ length: 4 }, () => finished(start('addUnderLock', directory, file, 50)))
  await Promise.all(children)
  expect(readFileSync(file, 'utf8')).toBe('200')
})

it('locks the file that is there now, after somebody has deleted the one that was', async () => {
  const directory = temporaryDirectory()
  const child = start('appendOnDemand', directory)
  const ask = dialogue(child)
  expect(await ask('task/a any')).toBe('1')
  rmSync(join(directory, 'lock'))
  expect(await ask('task/a any')).toBe('2')
  expect(existsSync(join(directory, 'lock'))).toBe(true)
})

it('says which file it could not make, and what to do', async () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  const locks = new FileLocks(join(file, 'locks'))
  const error: unknown = await locks.acquire('a').catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LockError)
  expect(error).toMatchObject({ code: 'lock-failed', path: join(file, 'locks', 'a.lock') })
  await expect(locks.tryAcquire('a')).rejects.toBeInstanceOf(LockError)
})

/** Does something as a user who may write nothing here, where these tests run as root, who may write everything. */
function withoutRights<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.('nobody')
  try {
    return work()
  } finally {
    process.seteuid?.(0)
  }
}

it('keeps writers out for a reader who may not write its file', () => {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  const path = join(directory, 'lock')
  const writer = new LockFile(path)
  expect(writer.tryLock()).toBe(true)
  chmodSync(path, 0o444)
  const reader = new LockFile(path, 'reading')
  expect(withoutRights(() => reader.tryLock())).toBe(false)
  writer.unlock()
  expect(withoutRights(() => reader.tryLock())).toBe(true)
  expect(writer.tryLock()).toBe(false)
  reader.unlock()
  expect(writer.tryLock()).toBe(true)
  expect(() => withoutRights(() => new LockFile(path).tryLock())).toThrow(LockError)
  for (const file of [writer, reader]) file.close()
})
