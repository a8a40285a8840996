import type { LockSight, Survey } from '../ports/survey.js'
import { refuses, repairs, type Drift } from './drift.js'

/** Locks of git's that a process which died has left behind. */
export function lockDrifts({ locks }: Survey): Drift[] {
  return locks.map((lock) => (lock.holder === null ? stale(lock) : held(lock, lock.holder)))
}

function stale({ path, inode, mtimeMs }: LockSight): Drift {
  return {
    code: 'lock-stale',
    task: null,
    subject: path,
    meaning: 'a git that was killed has left its lock, and every later one fails over it',
    severity: 'error',
    remedy: repairs('set it aside', { kind: 'set-aside-lock', path, inode, mtimeMs }),
  }
}

function held({ path }: LockSight, holder: string): Drift {
  return {
    code: 'lock-held',
    task: null,
    subject: path,
    meaning: 'git has locked something',
    severity: 'note',
    remedy: refuses(`somebody may be holding it: ${holder}`),
  }
}
