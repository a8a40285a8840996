import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Locks } from '@coppice/core'
import { KeptLooks } from './capture/kept-looks.js'
import type { Repository } from './repository/repository.js'
import { recycle } from './pool/recycle.js'
import type { PoolLimits, Site } from './site.js'
import { Rubbish } from './worktree/rubbish.js'

const DEFAULT_BRANCH_PREFIX = 'coppice/'

export interface GitWorkspaceOptions {
  readonly repository: Repository
  readonly locks: Locks
  /** Where worktrees are made; relative to the repository's directory. By default `<repository>.worktrees` beside it. */
  readonly worktreesDir?: string | undefined
  /** What task branches begin with; by default `coppice/`. */
  readonly branchPrefix?: string | undefined
  /** A command, as arguments, that makes a new worktree ready; it runs in it. */
  readonly setup?: readonly string[] | undefined
  /** Paths from the top of files and directories that alone decide what the command makes; see `Setup`. */
  readonly setupInputs?: readonly string[] | undefined
  /** Paths from the top of ignored directories that stay in a worktree which goes back to the pool. */
  readonly keep?: readonly string[] | undefined
  /** Paths from the top of ignored directories of the main checkout that new worktrees get clones of. */
  readonly clone?: readonly string[] | undefined
  /**
   * Whether a worktree is taken away as soon as it is gone from its place, and its files are deleted behind the caller's back;
   * `settled` waits for that. By default false.
   */
  readonly deletesLater?: boolean | undefined
  /** What the pool may be now that worktrees which were taken away go back to; without it they are deleted. */
  readonly poolLimits?: (() => PoolLimits) | undefined
}

/** Where tasks live, from what the caller says, else the repository's configuration, else the defaults. */
export async function siteOf(options: GitWorkspaceOptions): Promise<Site> {
  const { repository, locks } = options
  const { config, home } = repository
  const rubbish = new Rubbish(locks, options.deletesLater !== true)
  const configured = options.worktreesDir ?? config.worktreesDir
  const command = options.setup ?? (config.setup === null ? null : ['sh', '-c', config.setup])
  const site: Site = {
    repository,
    locks,
    worktreesDir: await canonical(configured === null ? `${home}.worktrees` : resolve(home, configured)),
    branchPrefix: options.branchPrefix ?? config.branchPrefix ?? DEFAULT_BRANCH_PREFIX,
    workshop: {
      directory: join(repository.commonDir, 'coppice'),
      objects: join(repository.commonDir, 'objects'),
      alternates: null,
    },
    looks: new KeptLooks(),
    rubbish,
    poolLimits: options.poolLimits ?? (() => null),
    setup: command === null ? null : { command, inputs: options.setupInputs ?? config.setupInputs },
    kept: options.keep ?? config.keep,
    cloned: options.clone ?? config.clone,
  }
  rubbish.use((path) => recycle(site, path))
  return site
}

/** Resolves symbolic links in the part of a path that exists: git records worktrees by their real paths. */
async function canonical(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) throw error
    return join(await canonical(dirname(path)), basename(path))
  }
}
