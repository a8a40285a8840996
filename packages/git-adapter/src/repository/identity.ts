import { gitFailure } from '../errors/git-errors.js'
import { query } from '../git/query.js'
import type { Repository } from './repository.js'

export interface Identity {
  readonly name: string
  readonly email: string
}

/** Checkpoints are the engine's own: they carry no person's name. */
export const ENGINE: Identity = { name: 'Coppice', email: 'coppice@localhost' }

/** What git exits with where it was told of nobody; whatever ends it otherwise says nothing of that. */
const NO_IDENTITY = 128

const NAMED = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL']

/** The person that merges are by, as git is configured; null where git was told of none. */
export async function userIdentity(repository: Repository): Promise<Identity | null> {
  const variables: Record<string, string> = {}
  for (const name of NAMED) {
    const value = process.env[name]
    if (value !== undefined) variables[name] = value
  }
  // Without useConfigOnly git makes an identity up from the host's name.
  const args = ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT']
  const { exitCode, text } = await query({ ...repository.place, variables }, args)
  if (exitCode !== 0 && exitCode !== NO_IDENTITY) throw gitFailure(args, exitCode, '')
  const [, name, email] = /^(.*) <(.*)> \d+ \S+\n?$/.exec(text) ?? []
  return name === undefined || email === undefined ? null : { name, email }
}
