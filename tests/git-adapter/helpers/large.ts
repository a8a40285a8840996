import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** Enough for an index of more than two megabytes, which is what many files with shorter names have. */
export const LARGE = 3_000

const LONG = 'n'.repeat(240)
const DIRECTORY = join('many', LONG, LONG)

/** One of the files of a large repository. */
export function largeFile(number: number): string {
  return join(DIRECTORY, `${number} ${LONG}`)
}

/** A repository that the engine treats as one with many files: its index is large. */
export function makeLargeRepository(): TestRepository {
  const user = makeRepository()
  mkdirSync(join(user.path, DIRECTORY), { recursive: true })
  for (let number = 0; number < LARGE; number++)
    writeFileSync(join(user.path, largeFile(number)), `${number}\n`)
  user.git('add', '--all')
  user.git('commit', '--quiet', '--message', 'many')
  return user
}
