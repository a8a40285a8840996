import { join } from 'node:path'
import { Engine, type Problem } from '@coppice/core'
import { GitWorkspace } from '@coppice/git-adapter'
import { FileLocks } from '@coppice/store'
import { checkpointInterval } from './checkpoint-interval.js'
import { Behind } from './facade/behind.js'
import { Coppice } from './facade/coppice.js'
import type { Parts } from './facade/parts.js'
import { PoolKeeper } from './facade/pool-keeper.js'
import { RegularCheckpoints } from './facade/regular-checkpoints.js'
import { furnishing } from './furnishing.js'
import { begin } from './open-on.js'
import { openStored } from './open-stored.js'
import { poolLimits } from './pool-limits.js'
import { isStillEmpty, requireLog } from './recovery/require-log.js'
import { stateOf } from './recovery/state-directory.js'
import { ProcessProbe } from './system/process-probe.js'
import { SystemClock } from './system/system-clock.js'

const MS_PER_SECOND = 1_000

export interface OpenOptions {
  /** A directory of the repository: its root, a subdirectory, a linked worktree, or a bare repository. */
  readonly repo: string
  /**
   * Where worktrees are made, relative to the repository. By default what `coppice.worktreesDir` in git's
   * configuration says, else `<repository>.worktrees`, beside it.
   */
  readonly worktreesDir?: string
  /** What the names of task branches begin with; by default `coppice.branchPrefix`, else `coppice/`. */
  readonly branchPrefix?: string
  /** A program and its arguments that makes every new worktree ready; by default `coppice.setup`, a shell command. */
  readonly setup?: readonly string[]
  /**
   * Paths, from the top of the repository, of files and directories that alone decide what `setup` makes, such as lockfiles: where
   * a worktree from the pool has kept what it made of the same, it is not run again. By default each `coppice.setupInput`.
   */
  readonly setupInputs?: readonly string[]
  /**
   * Ignored directories, by their paths from the top, that stay as they are in a worktree which goes back to the pool: what one
   * task leaves there the next one has. By default each `coppice.keep`.
   */
  readonly keep?: readonly string[]
  /**
   * Ignored directories of the main checkout, by their paths from the top, that new worktrees get clones of where the file
   * system can clone. By default each `coppice.clone`.
   */
  readonly clone?: readonly string[]
  /**
   * Seconds from one regular checkpoint of every active task to the next, while the repository is open; 0 for none. By
   * default `coppice.checkpointInterval`, else 300. What has not changed is passed over. None are taken where `recover`
   * is false.
   */
  readonly checkpointInterval?: number
  /**
   * How many ready worktrees wait beside those of tasks, so that a new task only takes one; 0 for none. By default
   * `coppice.poolSize`, else 2. Other processes take from the same pool.
   */
  readonly poolSize?: number
  /** What they may take on the disk; by default `coppice.poolMaxBytes`, else 2 GiB. */
  readonly poolMaxBytes?: number
  /** By default true: the pool is filled up again in the background whenever a task was made. */
  readonly refillPool?: boolean
  /**
   * By default true: what earlier processes left owed is done before this resolves. With false nothing is done and
   * nothing is written, not even a snapshot, until an operation is asked for; a git that is too old is noticed then.
   */
  readonly recover?: boolean
  /** Told of what could not be done while recovering; later problems reach `on('problem', …)`. */
  readonly onProblem?: (problem: Problem) => void
  readonly signal?: AbortSignal
}

/**
 * Opens a repository's tasks: replays the log, finishes what is owed, and only then resolves. A repository without
 * tasks is left exactly as it is.
 *
 * @throws {LogLostError} when the log is gone, and git still holds what was made for its tasks
 * @throws {NotARepositoryError}, {GitTooOldError}, {GitMissingError}, {InvalidIntervalError}, {InvalidPoolLimitError}, {InvalidPathError}, or an error of the log
 */
export async function openCoppice(options: OpenOptions): Promise<Coppice> {
  const { recover = true, refillPool = true, onProblem, signal, worktreesDir, branchPrefix, setup } = options
  signal?.throwIfAborted()
  const state = await stateOf(options.repo)
  const { repository, directory } = state
  const seconds = checkpointInterval(options.checkpointInterval, repository.config.checkpointInterval)
  const limits = {
    current: poolLimits(
      { given: options.poolSize, configured: repository.config.poolSize },
      { given: options.poolMaxBytes, configured: repository.config.poolMaxBytes },
    ),
  }
  const furnished = furnishing(options, repository.config)
  const locks = new FileLocks(join(directory, 'locks'))
  const workspace = new GitWorkspace({
    repository,
    locks,
    worktreesDir,
    branchPrefix,
    setup,
    ...furnished,
    deletesLater: true,
    poolLimits: () => limits.current,
  })
  const { log, snapshots } = await openStored(directory, !recover)
  let engine: Engine | null = null
  try {
    engine = await Engine.open({
      log,
      workspace,
      locks,
      agents: new ProcessProbe(),
      clock: new SystemClock(),
      snapshots,
    })
    const opened = engine
    await requireLog(state, () => isStillEmpty(opened))
    await begin(engine, { recover, onProblem, signal })
    const checkpoints = new RegularCheckpoints(engine, recover ? seconds * MS_PER_SECOND : 0)
    const { verify } = repository.config
    const verifyCommand = verify === null ? null : ['sh', '-c', verify]
    const diff: Parts['diff'] = (task, how) => workspace.diff(task, how)
    const pool = new PoolKeeper(workspace, limits)
    if (recover && refillPool) pool.follow(engine)
    return new Coppice({
      engine,
      log,
      diff,
      checkpoints,
      pool,
      settled: () => workspace.settled(),
      behind: new Behind(),
      verify: verifyCommand,
    })
  } catch (error) {
    await (engine ?? log).close()
    throw error
  }
}
