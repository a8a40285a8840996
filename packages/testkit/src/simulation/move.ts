import type { MergeStrategy } from '@coppice/core'

/** What befalls a process at a step that it comes to while it does a move; the first step is 1. */
export interface Fault {
  readonly step: number
  /** `crash`: it is killed before the step. `fail`: the step fails. `pause`: it stands still until it is woken. */
  readonly kind: 'crash' | 'fail' | 'pause'
}

/** What somebody asks an engine for. */
export type EngineWish =
  | {
      readonly do: 'create' | 'checkpoint' | 'park' | 'resume' | 'abandon' | 'restore'
      readonly task: string
    }
  | {
      readonly do: 'merge'
      readonly task: string
      readonly strategy: MergeStrategy
      /** What its verify command comes to, or null for none. With `meanwhile` the base moves on while it runs. */
      readonly verify: 'passes' | 'fails' | 'meanwhile' | null
    }
  | { readonly do: 'start-agent'; readonly task: string }
  | { readonly do: 'recover' | 'repair' }

/** A wish to the engine of a process, which is started first if it does not run; it recovers then, as it would. */
export type EngineMove = EngineWish & {
  readonly process: number
  readonly fault: Fault | null
  /** Whether the next move comes without waiting for the end of this one. */
  readonly beside: boolean
}

/** What an agent does in the worktree of its task; nothing, where that is not there. */
export type AgentMove =
  | { readonly do: 'write' | 'remove-file'; readonly task: string; readonly path: string }
  | { readonly do: 'stage' | 'commit' | 'amend' | 'detach' | 'branch-off'; readonly task: string }

/** What the repository's owner does behind everybody's back. */
export type UserMove =
  | { readonly do: 'commit-to-base'; readonly path: string }
  | { readonly do: 'delete-worktree'; readonly task: string }
  | { readonly do: 'delete-entry'; readonly task: string }
  /** The agent's process ends, and nobody sees it. */
  | { readonly do: 'end-agent'; readonly task: string }

/** What happens to processes between moves. */
export type FateMove =
  | { readonly do: 'kill' | 'wake'; readonly process: number }
  /** @param kept facts that survive although they were not synced */
  | { readonly do: 'cut-power'; readonly kept: number }
  /** A process that has read all of the log saves a snapshot, or what was saved is lost, damaged, or older than it was. */
  | { readonly do: 'change-snapshot'; readonly to: SnapshotChange }

export type SnapshotChange = 'the newest' | 'none' | 'a damaged one' | 'an older one'

/** One thing that somebody does in a simulated world: plain data, so that a story is drawn, shrunk and told. */
export type Move = EngineMove | AgentMove | UserMove | FateMove

export function isEngineMove(move: Move): move is EngineMove {
  return 'beside' in move
}

/** A move in words. */
export function tell(move: Move): string {
  if (isEngineMove(move)) {
    const { process, fault, beside } = move
    const what = 'task' in move ? `${move.do} ${move.task}` : move.do
    const how =
      move.do === 'merge'
        ? ` by ${move.strategy}${move.verify === null ? '' : `, its verification ${move.verify}`}`
        : ''
    const trouble = fault === null ? '' : `, ${FAULTS[fault.kind]} at step ${fault.step}`
    return `process ${process}: ${what}${how}${trouble}${beside ? ', and meanwhile' : ''}`
  }
  if ('process' in move) return `process ${move.process}: ${move.do}`
  if (move.do === 'cut-power') return `the power is cut; ${move.kept} unsynced facts survive`
  if (move.do === 'change-snapshot') return `the snapshot becomes ${move.to}`
  if (move.do === 'commit-to-base') return `somebody commits ${move.path} to the base`
  if (move.do === 'delete-worktree') return `somebody deletes the worktree of ${move.task}`
  if (move.do === 'delete-entry') return `somebody deletes git’s entry of the worktree of ${move.task}`
  if (move.do === 'end-agent') return `the agent of ${move.task} ends, unseen`
  return `agent of ${move.task}: ${move.do}${'path' in move ? ` ${move.path}` : ''}`
}

const FAULTS = { crash: 'killed', fail: 'failing', pause: 'paused' } as const
