import { fact, sampleFactData } from '@coppice/testkit'

/** A creation that failed for good. */
export const finalFailure = fact('worktree.creation-failed', {
  ...sampleFactData['worktree.creation-failed'],
  final: true,
})
