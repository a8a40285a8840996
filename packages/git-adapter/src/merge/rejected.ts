import { MAX_LISTED_FILES, type MergeRejectionReason, type Rejected } from '@coppice/core'

export function rejected(
  reason: MergeRejectionReason,
  message: string,
  details: {
    readonly files?: readonly string[]
    readonly exitCode?: number | null
    readonly output?: string
  } = {},
): Rejected {
  const files = (details.files ?? []).slice(0, MAX_LISTED_FILES)
  return {
    kind: 'rejected',
    data: { reason, message, files, exitCode: details.exitCode ?? null, output: details.output ?? '' },
  }
}
