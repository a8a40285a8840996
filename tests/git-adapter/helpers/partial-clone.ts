import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

export interface PartialClone {
  readonly user: TestRepository
  /** Has whoever asks the remote for anything find it gone, and be noted. */
  readonly loseRemote: () => void
  /** Whether anybody has asked since. */
  readonly wasAsked: () => boolean
}

/** A clone of a repository with a history, without the contents that it does not check out. */
export function makePartialClone(...options: readonly string[]): PartialClone {
  const source = makeRepository({ name: 'source' })
  for (const version of ['one', 'two', 'three']) source.commit('wide/file', `${version}\n`)
  source.commit('wide/other', 'other\n')
  source.git('config', 'uploadpack.allowFilter', 'true')
  source.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  const { scratch, env } = source
  const path = join(scratch, 'repo')
  source.git('clone', '--quiet', '--filter=blob:none', ...options, `file://${source.path}`, path)
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: 'pipe' }).trim()
  git('config', 'user.name', 'A Tester')
  git('config', 'user.email', 'tester@example.invalid')
  const asked = join(scratch, 'asked')
  const loseRemote = (): void => {
    const program = join(scratch, 'upload-pack')
    writeFileSync(program, `#!/bin/sh\necho >> '${asked}'\nexit 1\n`)
    chmodSync(program, 0o755)
    git('config', 'remote.origin.uploadpack', program)
  }
  return { user: { ...source, path, git }, loseRemote, wasAsked: () => existsSync(asked) }
}
