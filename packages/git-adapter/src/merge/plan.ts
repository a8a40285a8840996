import type { MergeInProgress, TaskState } from '@coppice/core'
import type { Place } from '../git/place.js'
import type { Signature } from '../git/objects.js'
import type { Site } from '../site.js'

/** What a strategy needs to compute the commit that will land. */
export interface MergePlan {
  readonly site: Site
  /** A private place over the repository's objects: no driver of anybody's is known there, and no attribute of an agent's counts. */
  readonly place: Place
  readonly task: TaskState
  readonly merge: MergeInProgress
  /** The commit that the target branch is at. */
  readonly base: string
  /** The task's commit, with what was not committed in a commit of its own on top. */
  readonly tip: string
  readonly by: Signature
}

/** The commit that will land (the target's own, where that has everything already), the files in conflict, or the reason why there can be none. */
export type Merged =
  | { readonly kind: 'merged'; readonly commit: string }
  | { readonly kind: 'conflicted'; readonly files: readonly string[] }
  | { readonly kind: 'not-fast-forward' }

export type Strategy = (plan: MergePlan, signal?: AbortSignal) => Promise<Merged>
