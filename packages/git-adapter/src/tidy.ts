import { sweepIndexFiles } from './capture/index-slot.js'
import { isForeseen } from './errors/foreseen.js'
import { sweepMarkDraft } from './merge/landing-mark.js'
import { sweepSpares } from './pool/sweep-spares.js'
import { mendAfterBoot } from './repair/after-boot.js'
import { sweepEntryDraft } from './repair/remake-entry.js'
import { sweepDrafts } from './repository/private-git.js'
import type { Site } from './site.js'
import { sweepPlaces } from './worktree/sweep-places.js'
import { sweepTrash } from './worktree/sweep-trash.js'

/**
 * Deletes the working files that killed engines have left, and mends what a power cut has left. Nothing of a task's is
 * in them, and what a living engine works with is locked and stays. Nobody is kept from opening by what cannot be done: it is
 * told as a warning, and tried again by the next who tidies.
 */
export async function tidy(site: Site): Promise<void> {
  for (const sweep of SWEEPS) {
    try {
      await sweep(site)
    } catch (error) {
      if (!isForeseen(error)) throw error
      if (!isForbidden(error)) process.emitWarning(error)
    }
  }
}

const SWEEPS = [
  sweepIndexFiles,
  sweepDrafts,
  sweepMarkDraft,
  sweepEntryDraft,
  sweepTrash,
  sweepSpares,
  sweepPlaces,
  mendAfterBoot,
]

/** What belongs to another user is left to that one; it is in nobody's way. */
function isForbidden({ code, cause }: Error & { readonly code?: string }): boolean {
  return FORBIDDEN.has(code ?? '') || (cause instanceof Error && isForbidden(cause))
}

const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS'])
