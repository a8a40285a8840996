import type {
  CheckpointOutcome,
  CreateOutcome,
  FactData,
  LandOutcome,
  PreparedMerge,
  PrepareOutcome,
  RebuildOutcome,
  RemoveOutcome,
  Standing,
  Survey,
  TaskRequest,
  TaskState,
  VerifyOutcome,
  Workspace,
} from '@coppice/core'
import { recordedContent, type Repository } from './repository.js'

/** The port as it is meant: every effect looks first, can be done again, and pins before it takes away. */
export class SimulatedWorkspace implements Workspace {
  constructor(private readonly repository: Repository) {}

  async admit({ id, into, title }: TaskRequest): Promise<FactData['task.requested']> {
    const base = { ref: 'main', commit: this.repository.tip }
    const path = `/repo.worktrees/${id}`
    return { title: title ?? null, base, into: into ?? 'main', branch: `coppice/${id}`, path }
  }

  async create(task: TaskState): Promise<CreateOutcome> {
    this.#make(task)
    return { kind: 'created', data: { gitDir: gitDirOf(task), head: task.base.commit } }
  }

  async checkpoint(task: TaskState): Promise<CheckpointOutcome> {
    const content = this.repository.worktrees.get(task.id)
    if (content === undefined) return { kind: 'missing' }
    if (content === recordedContent(task)) return { kind: 'unchanged' }
    return { kind: 'pinned', checkpoint: this.repository.pin(task, content) }
  }

  async prepareMerge(task: TaskState): Promise<PrepareOutcome> {
    const checkpoint = await this.checkpoint(task)
    if (checkpoint.kind !== 'unchanged') return checkpoint
    const tree = recordedContent(task)
    const base = this.repository.tip
    return { kind: 'prepared', data: { commit: `${tree} onto ${base}`, tree, base, tip: tree } }
  }

  async verify(task: TaskState): Promise<VerifyOutcome> {
    return { kind: 'verified', data: { commit: preparedOf(task).commit } }
  }

  async land(task: TaskState): Promise<LandOutcome> {
    const { commit, base } = preparedOf(task)
    const { repository } = this
    if (!repository.base.includes(commit)) {
      if (repository.tip !== base) {
        return { kind: 'base-moved', data: { expected: base, actual: repository.tip } }
      }
      repository.base.push(commit)
    }
    return { kind: 'landed', data: { commit } }
  }

  async rebuild(task: TaskState): Promise<RebuildOutcome> {
    this.#make(task)
    const checkpoint = task.checkpoint?.number ?? null
    return { kind: 'rebuilt', data: { gitDir: gitDirOf(task), head: task.base.commit, checkpoint } }
  }

  async remove(task: TaskState): Promise<RemoveOutcome> {
    const checkpoint = await this.checkpoint(task)
    if (checkpoint.kind === 'pinned') return checkpoint
    this.repository.worktrees.delete(task.id)
    if (task.status !== 'parked') this.repository.branches.delete(task.branch)
    return { kind: 'removed' }
  }

  async look({ id }: TaskState): Promise<Standing> {
    return this.repository.worktrees.has(id) ? 'directory' : 'nothing'
  }

  async tidy(): Promise<void> {}

  async sync(): Promise<void> {}

  async survey(): Promise<Survey> {
    throw new Error('this world is too small to be surveyed')
  }

  async repair(): Promise<void> {
    throw new Error('this world is too small to be repaired')
  }

  #make(task: TaskState): void {
    this.repository.branches.add(task.branch)
    if (!this.repository.worktrees.has(task.id)) {
      this.repository.worktrees.set(task.id, recordedContent(task))
    }
  }
}

function gitDirOf({ id }: TaskState): string {
  return `/repo/.git/worktrees/${id}`
}

function preparedOf({ merge }: TaskState): PreparedMerge {
  if (merge?.prepared == null) throw new Error('nothing is prepared')
  return merge.prepared
}
