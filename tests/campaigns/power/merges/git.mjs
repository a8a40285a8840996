import { attempt } from '../../execute.mjs'

/** Nothing of the machine's configuration. */
export const ENVIRONMENT = {
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
}

const MAX_BYTES = 1_000_000_000

/** Runs plain git in a directory, and answers with its exit code and what it said. */
export function tryGit(cwd, args, input = '') {
  return attempt('git', args, { cwd, env: ENVIRONMENT, input, maxBuffer: MAX_BYTES })
}
