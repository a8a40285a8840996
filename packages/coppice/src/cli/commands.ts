import type { Command } from 'commander'

/** A command: what the overview says of it, and how to get the rest of it. */
export interface CommandEntry {
  readonly summary: string
  /** Only the command that was asked for is loaded, so that the others cost nothing. */
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'make a task, run an agent in it, merge if it succeeds, else park it',
    load: () => import('./commands/run.js'),
  },
  new: { summary: 'make a task; prints its path', load: () => import('./commands/new.js') },
  exec: { summary: 'run a command in a task’s worktree', load: () => import('./commands/exec.js') },
  path: { summary: 'print the path of a task’s worktree', load: () => import('./commands/path.js') },
  list: { summary: 'list the live tasks', load: () => import('./commands/list.js') },
  status: { summary: 'show all that is known of a task', load: () => import('./commands/status.js') },
  diff: { summary: 'show what a task has changed', load: () => import('./commands/diff.js') },
  checkpoint: { summary: 'pin all content of a task', load: () => import('./commands/checkpoint.js') },
  merge: { summary: 'merge a task, whole or not at all', load: () => import('./commands/merge.js') },
  park: { summary: 'give a task’s worktree back, its work pinned', load: () => import('./commands/park.js') },
  resume: { summary: 'bring a parked task back', load: () => import('./commands/resume.js') },
  abandon: { summary: 'give a task up, its work pinned', load: () => import('./commands/abandon.js') },
  restore: { summary: 'bring an abandoned task back', load: () => import('./commands/restore.js') },
  pool: {
    summary: 'show, fill or resize the pool of ready worktrees',
    load: () => import('./commands/pool.js'),
  },
  gc: {
    summary: 'take away what is left of finished and parked tasks',
    load: () => import('./commands/gc.js'),
  },
  log: { summary: 'print the facts', load: () => import('./commands/log.js') },
  replay: { summary: 'print every task’s state at a position', load: () => import('./commands/replay.js') },
  doctor: { summary: 'compare the log with what is there', load: () => import('./commands/doctor.js') },
  verify: { summary: 'check the whole log, hash by hash', load: () => import('./commands/verify.js') },
  repair: { summary: 'put right what is damaged and proven', load: () => import('./commands/repair.js') },
}
