import { devNull } from 'node:os'

/**
 * Configuration that every git process of the engine gets, above all files. No hook and no monitor of the
 * repository runs, no housekeeping starts behind our back, and what is written is on disk before it is spoken of
 * (git's own default syncs neither loose objects nor refs).
 */
const HARDENING: readonly (readonly [string, string])[] = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.fsync', 'committed,loose-object,reference'],
  ['core.fsyncMethod', 'batch'],
  ['core.filesRefLockTimeout', '1000'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgSign', 'false'],
  ['merge.autoStash', 'false'],
  ['merge.verifySignatures', 'false'],
  ['submodule.recurse', 'false'],
  // Otherwise git passes over what stands where a sparse checkout has nothing.
  ['sparse.expectFilesOutsideOfPatterns', 'false'],
  ['protocol.ext.allow', 'never'],
  ['advice.detachedHead', 'false'],
]

const UNWANTED = new Set(['EDITOR', 'VISUAL', 'PAGER', 'SSH_ASKPASS', 'PREFIX'])

/** Where a user has git read its own configuration from; it says who the user is, and redirects nothing. */
const CONFIGURATION = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'])

/** The caller's environment without anything that redirects git; for git itself and for what runs in a worktree. */
export function withoutGit(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (!name.startsWith('GIT_') || CONFIGURATION.has(name))) kept[name] = value
  }
  return kept
}

/** The environment of the engine's own git processes. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment = withoutGit(process.env)
  for (const name of UNWANTED) delete environment[name]
  environment['LC_ALL'] = 'C'
  environment['GIT_TERMINAL_PROMPT'] = '0'
  environment['GIT_OPTIONAL_LOCKS'] = '0'
  // Whoever looks at a partial clone never waits for its remote; see `fetching`.
  environment['GIT_NO_LAZY_FETCH'] = '1'
  environment['GIT_CONFIG_COUNT'] = String(HARDENING.length)
  for (const [index, [key, value]] of HARDENING.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key
    environment[`GIT_CONFIG_VALUE_${index}`] = value
  }
  return { ...environment, ...extra }
}
