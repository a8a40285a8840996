import type { Site } from '../site.js'
import type { Capture } from './capture.js'
import type { Rules } from './rules.js'

/** What a capture knew of a worktree, beside what it took: the next one has to look only for what has changed since. */
export interface Look {
  /** With the settings by which files were taken. */
  readonly site: Site
  /** Of the worktree's own index, from which nothing else would be read now as long as it is the same. */
  readonly signature: string
  /** The engine's index of the files, with what git knows of their times. */
  readonly index: Buffer
  /** When git wrote it, in seconds: files that are not older are looked into. */
  readonly indexSeconds: number
  readonly directories: DirectorySigns
  /** Of the files outside of the worktree that say what is ignored and converted. */
  readonly rules: Rules
}

/**
 * Every directory of a worktree, and every file in it that says what is ignored or converted, by its path as Latin-1 text; with what is
 * another when something is added to the directory, or the file is changed.
 */
export type DirectorySigns = ReadonlyMap<string, string>

/** The sign of a directory that was changed just now: none has it. */
export const UNKNOWN = ''

/** That of one that is ignored: whatever is in there does not count. */
export const IGNORED = 'ignored'

/** A capture of which everything is pinned. */
export type KeptCapture = Capture & { readonly look: Look }

/** Bytes of indexes that are kept. An index has about a hundred for each file. */
const MAX_BYTES = 64 * 2 ** 20

/** The last look at each task's worktree, as long as there is room; those that were not used for longest go first. */
export class KeptLooks {
  readonly #kept = new Map<string, { readonly capture: KeptCapture; readonly round: object | undefined }>()
  #bytes = 0

  find(task: string): KeptCapture | null {
    return this.#kept.get(task)?.capture ?? null
  }

  /** The one that was taken in this round; see `EffectContext`. */
  findOf(task: string, round: object | undefined): KeptCapture | null {
    const kept = this.#kept.get(task)
    return kept?.round === undefined || kept.round !== round ? null : kept.capture
  }

  /** Keeps a capture whose objects a ref holds, so that git does not collect them; not every one can be built upon. */
  keep(task: string, capture: Capture, round?: object): void {
    this.forget(task)
    const { look } = capture
    if (look === null) return
    this.#kept.set(task, { capture: { ...capture, look }, round })
    this.#bytes += look.index.length
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MAX_BYTES) break
      this.forget(oldest)
    }
  }

  forget(task: string): void {
    this.#bytes -= this.#kept.get(task)?.capture.look.index.length ?? 0
    this.#kept.delete(task)
  }
}
