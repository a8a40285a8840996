import { query } from '../git/query.js'
import type { Repository } from './repository.js'

export interface Identity {
  readonly name: string
  readonly email: string
}

/** Checkpoints are the engine's own: they carry no person's name. */
export const ENGINE: Identity = { name: 'Coppice', email: 'coppice@localhost' }

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
  const [, name, email] = /^(.*) <(.*)> \d+ \S+\n?$/.exec(text) ?? []
  return exitCode !== 0 || name === undefined || email === undefined ? null : { name, email }
}
