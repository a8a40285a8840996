import { readdirSync, readFileSync } from 'node:fs'
import type { PoolStatus } from 'coppice'
import { onTestFinished } from 'vitest'
import { coppiceJson } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** A repository that has a pool of so many, and is not removed while a process fills it that has outlived its command. */
export function makePooled(size: number): TestRepository {
  const repository = makeRepository()
  repository.git('config', 'coppice.poolSize', String(size))
  onTestFinished(() => eventually(() => fillersOf(repository).length === 0))
  return repository
}

/** The processes that fill its pool. */
export function fillersOf({ path }: TestRepository): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const words = commandLine(pid).split('\0')
    return words.includes(path) && words.includes('pool') && words.includes('--fill')
  })
}

/** Empty for a process that has ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

export async function readyIn(repository: TestRepository): Promise<PoolStatus['ready']> {
  return (await coppiceJson<PoolStatus>(repository, ['pool'])).ready
}
