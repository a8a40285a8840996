import type { Place } from '../git/place.js'
import type { Settings } from './settings.js'

/** What the repository's git configuration says under `coppice.*`; each null where it says nothing. */
export interface RepositoryConfig {
  /** `coppice.worktreesDir`: where worktrees are made; relative to the repository's directory. */
  readonly worktreesDir: string | null
  /** `coppice.branchPrefix`: what the names of task branches begin with. */
  readonly branchPrefix: string | null
  /** `coppice.setup`: a shell command that makes a new worktree ready. */
  readonly setup: string | null
  /** `coppice.setupInput`, each: what alone decides what set-up makes. */
  readonly setupInputs: readonly string[]
  /** `coppice.keep`, each: an ignored directory that stays in a worktree which goes back to the pool. */
  readonly keep: readonly string[]
  /** `coppice.clone`, each: an ignored directory of the main checkout that new worktrees get a clone of. */
  readonly clone: readonly string[]
  /** `coppice.verify`: a shell command that a merge has to pass by default. */
  readonly verify: string | null
  /** `coppice.checkpointInterval`: seconds from one regular checkpoint to the next; 0 for none. */
  readonly checkpointInterval: string | null
  /** `coppice.poolSize`: how many ready worktrees wait for tasks; 0 for none. */
  readonly poolSize: string | null
  /** `coppice.poolMaxBytes`: what they may take on the disk; git's units count. */
  readonly poolMaxBytes: string | null
}

/** A repository as it was found; reading it has changed nothing. */
export interface Repository {
  /** The directory that it was opened from; what is checked out there is the default base. */
  readonly directory: string
  /** The git directory of that directory: the repository's own, or a linked worktree's. */
  readonly gitDir: string
  /** What all its worktrees share, absolute. Coppice keeps its state in `coppice/` below it. */
  readonly commonDir: string
  /** The directory that a person would call the repository: `/a/project` for `/a/project/.git` and `/a/project.git`. */
  readonly home: string
  /** The main checkout's directory; null for a bare repository, or where git does not tell. */
  readonly mainWorkTree: string | null
  readonly bare: boolean
  readonly config: RepositoryConfig
  /** What git is configured to do with files, as it was when this was read; see `upToDate`. */
  readonly settings: Settings
  /** Whether it is a partial clone: what is missing in it need not be lost, for a remote has promised it. */
  readonly isPartial: boolean
  /** Where commands run that concern refs and objects only. */
  readonly place: Place
}
