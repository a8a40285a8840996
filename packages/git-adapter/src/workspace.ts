import type {
  CheckpointOutcome,
  CreateOutcome,
  EffectContext,
  FactData,
  LandOutcome,
  MergeInProgress,
  PrepareOutcome,
  RebuildOutcome,
  RemoveOutcome,
  Standing,
  Survey,
  TaskRequest,
  TaskState,
  VerifyOutcome,
  Workspace,
  WorldAction,
} from '@coppice/core'
import { admit } from './admit.js'
import { takeCheckpoint } from './capture/take-checkpoint.js'
import { diff, type DiffOptions } from './diff.js'
import { git } from './git/run.js'
import { syncFileSystems } from './git/sync.js'
import { land } from './merge/land.js'
import { prepareMerge } from './merge/prepare.js'
import { verify } from './merge/verify.js'
import { repair } from './repair/repair.js'
import { fillPool, type FillOptions } from './pool/fill-pool.js'
import { sparesOf, type Spare } from './pool/spare.js'
import { requireRecentGit } from './repository/recent-git.js'
import type { Site } from './site.js'
import { siteOf, type GitWorkspaceOptions } from './site-of.js'
import { standingAt } from './survey/standing.js'
import { survey } from './survey/survey.js'
import { tidy } from './tidy.js'
import { create } from './worktree/create.js'
import { rebuild } from './worktree/rebuild.js'
import { remove } from './worktree/remove.js'

/** The outcomes that say that nothing was done. */
const IDLE = new Set(['unchanged', 'missing', 'deferred'])

/** The Workspace port done with git. Each method hands on to the one file that does that effect. */
export class GitWorkspace implements Workspace {
  readonly #site: Promise<Site>

  constructor(options: GitWorkspaceOptions) {
    this.#site = readied(options)
    // Whoever asks for something gets the error; nobody may be asking yet.
    this.#site.catch(() => undefined)
  }

  async admit(request: TaskRequest): Promise<FactData['task.requested']> {
    return admit(await this.#site, request)
  }

  async create(task: TaskState, context: EffectContext): Promise<CreateOutcome> {
    return create(await this.#site, task, context)
  }

  async checkpoint(
    task: TaskState,
    message: string | null,
    context: EffectContext,
  ): Promise<CheckpointOutcome> {
    return this.#durable(task, takeCheckpoint(await this.#site, task, message, context))
  }

  async sync({ path }: TaskState): Promise<void> {
    const { repository } = await this.#site
    await syncFileSystems(repository.commonDir, path)
  }

  async prepareMerge(task: TaskState, context: EffectContext): Promise<PrepareOutcome> {
    return this.#durable(task, prepareMerge(await this.#site, task, mergeOf(task), context))
  }

  async verify(task: TaskState, context: EffectContext): Promise<VerifyOutcome> {
    return verify(await this.#site, task, mergeOf(task), context)
  }

  async land(task: TaskState, { signal }: EffectContext): Promise<LandOutcome> {
    return land(await this.#site, task, mergeOf(task), signal)
  }

  async rebuild(task: TaskState, context: EffectContext): Promise<RebuildOutcome> {
    return this.#durable(task, rebuild(await this.#site, task, context))
  }

  async remove(task: TaskState, context: EffectContext): Promise<RemoveOutcome> {
    return this.#durable(task, remove(await this.#site, task, context))
  }

  async look({ path }: TaskState): Promise<Standing> {
    return standingAt(path)
  }

  async tidy(): Promise<void> {
    return tidy(await this.#site)
  }

  async survey(tasks: readonly TaskState[], commits: readonly string[]): Promise<Survey> {
    return survey(await this.#site, tasks, commits)
  }

  async repair(action: WorldAction, task: TaskState | null, context: EffectContext): Promise<void> {
    return repair(await this.#site, action, task, context)
  }

  /** Resolves when what was taken away is deleted. */
  async settled(): Promise<void> {
    const site = await this.#site.catch(() => null)
    await site?.rubbish.settled()
  }

  /** Makes the pool of ready worktrees as it shall be, and does no more than that. */
  async fillPool(options: FillOptions): Promise<void> {
    return fillPool(await this.#site, options)
  }

  /** Says in the repository's configuration how many ready worktrees there shall be. */
  async setPoolSize(size: number): Promise<void> {
    const { repository } = await this.#site
    await git(repository.place, { args: ['config', '--replace-all', 'coppice.poolSize', String(size)] })
  }

  /** The ready worktrees. */
  async spares(): Promise<readonly Spare[]> {
    return sparesOf(await this.#site)
  }

  /** What a task changed, as `git diff` prints it; bytes, for a file need not be UTF-8. */
  async diff(task: TaskState, options: DiffOptions): Promise<Buffer> {
    return diff(await this.#site, task, options)
  }

  /** An outcome is told, and becomes a fact, only once all that the effect did is on the disk: refs and renames, too. */
  async #durable<O extends { readonly kind: string }>(task: TaskState, effect: Promise<O>): Promise<O> {
    const outcome = await effect
    if (!IDLE.has(outcome.kind)) await this.sync(task)
    return outcome
  }
}

/** @throws {GitTooOldError} when git can do no work here */
async function readied(options: GitWorkspaceOptions): Promise<Site> {
  const [site] = await Promise.all([siteOf(options), requireRecentGit(options.repository.commonDir)])
  return site
}

function mergeOf({ id, merge }: TaskState): MergeInProgress {
  if (merge === null) throw new TypeError(`task ${id} is not merging`)
  return merge
}
