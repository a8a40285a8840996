import type { CommandData, Request } from '@coppice/core'

// Commands as the cases give them.

export const PARK: Request = { type: 'task.park', data: { reason: null } }
export const RESUME: Request = { type: 'task.resume', data: {} }
export const ABANDON: Request = { type: 'task.abandon', data: { reason: null } }
export const RESTORE: Request = { type: 'task.restore', data: {} }

export function mergeRequest(wish: Partial<CommandData['task.merge']> = {}): Request {
  return {
    type: 'task.merge',
    data: { strategy: 'merge', into: 'main', verify: null, message: null, ...wish },
  }
}
