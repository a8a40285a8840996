import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GitTooOldError } from '../errors/git-errors.js'
import { NotARepositoryError } from '../errors/repository-errors.js'
import { query } from '../git/query.js'
import { hasCheckout } from './has-checkout.js'
import type { Repository, RepositoryConfig } from './repository.js'
import { parseConfig, queryFor, SETTINGS, settingsIn } from './settings.js'

/** What is asked of the repository's configuration. */
const QUERY = queryFor([
  String.raw`coppice\..*`,
  String.raw`core\.(bare|worktree)`,
  String.raw`extensions\.partialclone`,
  String.raw`remote\..*\.promisor`,
  ...SETTINGS,
])

/** The first git that can merge without a checkout (`merge-tree --write-tree`). */
const OLDEST_GIT = [2, 38] as const

/**
 * Finds the repository of a directory: an ordinary or a bare one, or a linked worktree's. Reads only.
 *
 * @throws {NotARepositoryError} {GitTooOldError} {GitMissingError}
 */
export async function openRepository(directory: string): Promise<Repository> {
  const wanted = resolve(directory)
  const from = await realpath(wanted).catch(() => {
    throw new NotARepositoryError(wanted, 'there is no such directory')
  })
  const where = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir']
  where.push('--is-inside-work-tree', '--show-cdup')
  const [version, found, settings] = await Promise.all([
    query(from, ['version']),
    query(from, where),
    query(from, QUERY),
  ])
  refuseOldGit(version.text)
  const [gitDir, common, isInside, up = '', ...rest] = found.text.split('\n')
  if (found.exitCode !== 0 || gitDir === undefined || common === undefined) {
    throw new NotARepositoryError(from, found.stderr.trim().split('\n')[0] ?? '')
  }
  if (rest.length > 1)
    throw new NotARepositoryError(from, 'a name on its path has a line break in it; rename it')
  const commonDir = await realpath(common)
  const isLinked = (await realpath(gitDir)) !== commonDir
  // What a linked worktree says of its own is left out: an agent at work there would choose the commands that are run.
  const said = isLinked ? await query(commonDir, QUERY, commonDir) : settings
  const values = parseConfig(said.text)
  // A branch must never be moved below a checkout that a wrong setting hides.
  const bare = values.get('core.bare') === 'true' && !(await hasCheckout(commonDir))
  const isMain = isInside === 'true' && !isLinked
  return describe(from, gitDir, { commonDir, bare, top: isMain ? resolve(from, up) : null }, values)
}

function describe(
  directory: string,
  gitDir: string,
  { commonDir, bare, top }: Pick<Repository, 'commonDir' | 'bare'> & { readonly top: string | null },
  values: ReadonlyMap<string, string>,
): Repository {
  const name = basename(commonDir)
  const parent = dirname(commonDir)
  const worktree = values.get('core.worktree')
  // Of a git directory that is apart from its checkout only the checkout tells where that is.
  const main = worktree === undefined ? (name === '.git' ? parent : top) : resolve(commonDir, worktree)
  return {
    directory,
    gitDir,
    commonDir,
    bare,
    home: name.startsWith('.') ? parent : join(parent, name.replace(/\.git$/, '')),
    mainWorkTree: bare ? null : main,
    config: configOf(values),
    settings: settingsIn(values),
    isPartial: [...values.keys()].some((key) =>
      /^(extensions\.partialclone|remote\..*\.promisor)$/s.test(key),
    ),
    place: { gitDir: commonDir },
  }
}

function configOf(values: ReadonlyMap<string, string>): RepositoryConfig {
  return {
    worktreesDir: values.get('coppice.worktreesdir') ?? null,
    branchPrefix: values.get('coppice.branchprefix') ?? null,
    setup: values.get('coppice.setup') ?? null,
    verify: values.get('coppice.verify') ?? null,
    checkpointInterval: values.get('coppice.checkpointinterval') ?? null,
    poolSize: values.get('coppice.poolsize') ?? null,
    poolMaxBytes: values.get('coppice.poolmaxbytes') ?? null,
  }
}

function refuseOldGit(answer: string): void {
  const [version = '0.0', major, minor] = /(\d+)\.(\d+)(\.\d+)?/.exec(answer) ?? []
  const ahead = Number(major ?? 0) - OLDEST_GIT[0] || Number(minor ?? 0) - OLDEST_GIT[1]
  if (ahead < 0) throw new GitTooOldError(version, OLDEST_GIT.join('.'))
}
