import { cpSync, mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { identify, init, openAt, type TestRepository } from './open-repository.js'

export type { TestRepository } from './open-repository.js'

export interface RepositoryOptions {
  readonly name?: string
  readonly bare?: boolean
  /** Without any commit. */
  readonly empty?: boolean
  /** The directory that it is made in; by default a fresh one that is removed when the test ends. */
  readonly scratch?: string
}

/** Makes a repository with a `main` branch, three commits and an identity. */
export function makeRepository({
  name = 'repo',
  bare = false,
  empty = false,
  scratch = makeScratch(),
}: RepositoryOptions = {}): TestRepository {
  const repository = openAt(scratch, join(scratch, name))
  if (empty) init(repository)
  else {
    cpSync(inject('firstRepository'), repository.path, { recursive: true })
    repository.git('update-index', '--refresh')
  }
  return bare ? bareCloneOf(repository, join(scratch, `${name}.git`)) : repository
}

/** A fresh directory that is removed when the test ends; its path has no symlinks. */
export function makeScratch(): string {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-test-')))
  onTestFinished(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }))
  return scratch
}

function bareCloneOf({ scratch, path, git }: TestRepository, target: string): TestRepository {
  git('clone', '--quiet', '--bare', path, target)
  const clone = openAt(scratch, target)
  identify(clone.git)
  return clone
}
