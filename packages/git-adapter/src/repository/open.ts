import { realpathSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { NotARepositoryError } from '../errors/repository-errors.js'
import { git, gitFrom } from '../git/run.js'
import { hasCheckout } from './has-checkout.js'
import { requireRecentGit } from './recent-git.js'
import type { Repository, RepositoryConfig } from './repository.js'
import { allIn, parseConfig, queryFor, SETTINGS, settingsIn } from './settings.js'

/** What is asked of the repository's configuration. */
const QUERY = queryFor([
  String.raw`coppice\..*`,
  String.raw`core\.(bare|worktree)`,
  String.raw`extensions\.partialclone`,
  String.raw`remote\..*\.promisor`,
  ...SETTINGS,
])

/** Where a repository is, as `git rev-parse` answers, a line each. */
const WHERE = [
  ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir'],
  ['--is-inside-work-tree', '--show-cdup'],
].flat()

/**
 * Finds the repository of a directory: an ordinary or a bare one, or a linked worktree's. Reads only. Git is asked before
 * this first returns, so that a caller can do something else meanwhile. Whether it is recent enough for work to be done
 * with it is asked by who does work; see `GitWorkspace`.
 *
 * @throws {NotARepositoryError} {GitMissingError}
 * @throws {GitTooOldError} when git does not understand what it is asked here
 */
export async function openRepository(directory: string): Promise<Repository> {
  const from = realDirectory(resolve(directory))
  const [found, settings] = await Promise.all([gitFrom(from, WHERE), gitFrom(from, QUERY)])
  const [gitDir = '', common = '', isInside, up = '', ...rest] = found.stdout.toString('utf8').split('\n')
  const isAnswered = found.exitCode === 0
  if (!isAnswered || !isAbsolute(common) || rest.length > 1) {
    await requireRecentGit(from)
    const broken = 'a name on its path has a line break in it; rename it'
    throw new NotARepositoryError(from, isAnswered ? broken : firstLine(found.stderr))
  }
  const commonDir = await realpath(common)
  const isLinked = (await realpath(gitDir)) !== commonDir
  // What a linked worktree says of its own is left out: an agent at work there would choose the commands that are run.
  const said = isLinked ? await git({ gitDir: commonDir }, { args: QUERY, answers: [1] }) : settings
  const text = said.stdout.toString('utf8')
  const values = parseConfig(text)
  // A branch must never be moved below a checkout that a wrong setting hides.
  const bare = values.get('core.bare') === 'true' && !(await hasCheckout(commonDir))
  const isMain = isInside === 'true' && !isLinked
  return describe(from, gitDir, { commonDir, bare, top: isMain ? resolve(from, up) : null }, text)
}

function realDirectory(wanted: string): string {
  try {
    return realpathSync(wanted)
  } catch {
    throw new NotARepositoryError(wanted, 'there is no such directory')
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

function describe(
  directory: string,
  gitDir: string,
  { commonDir, bare, top }: Pick<Repository, 'commonDir' | 'bare'> & { readonly top: string | null },
  text: string,
): Repository {
  const values = parseConfig(text)
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
    config: configOf(values, text),
    settings: settingsIn(values),
    isPartial: [...values.keys()].some((key) =>
      /^(extensions\.partialclone|remote\..*\.promisor)$/s.test(key),
    ),
    place: { gitDir: commonDir },
  }
}

function configOf(values: ReadonlyMap<string, string>, text: string): RepositoryConfig {
  return {
    worktreesDir: values.get('coppice.worktreesdir') ?? null,
    branchPrefix: values.get('coppice.branchprefix') ?? null,
    setup: values.get('coppice.setup') ?? null,
    setupInputs: allIn(text, 'coppice.setupinput'),
    keep: allIn(text, 'coppice.keep'),
    clone: allIn(text, 'coppice.clone'),
    verify: values.get('coppice.verify') ?? null,
    checkpointInterval: values.get('coppice.checkpointinterval') ?? null,
    poolSize: values.get('coppice.poolsize') ?? null,
    poolMaxBytes: values.get('coppice.poolmaxbytes') ?? null,
  }
}
