import type { MergeRejectionReason, Rejected } from '@coppice/core'

export function rejected(
  reason: MergeRejectionReason,
  message: string,
  details: {
    readonly files?: readonly string[]
    readonly exitCode?: number | null
    readonly output?: string
  } = {},
): Rejected {
  const { files = [], exitCode = null, output = '' } = details
  return { kind: 'rejected', data: { reason, message, files, exitCode, output } }
}
