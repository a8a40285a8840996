import type { CommandData, Request } from '@coppice/core'

export const PARK: Request<'task.park'> = { type: 'task.park', data: { reason: null } }
export const RESUME: Request<'task.resume'> = { type: 'task.resume', data: {} }
export const ABANDON: Request<'task.abandon'> = { type: 'task.abandon', data: { reason: null } }
export const RESTORE: Request<'task.restore'> = { type: 'task.restore', data: {} }

/** A merge into main, without verification unless asked for. */
export function mergeRequest(wish: Partial<CommandData['task.merge']> = {}): Request<'task.merge'> {
  return {
    type: 'task.merge',
    data: { strategy: 'merge', into: 'main', verify: null, message: null, ...wish },
  }
}
