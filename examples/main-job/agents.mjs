import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('agent.mjs', import.meta.url))

/** The agents of the story, in the order in which their work is merged. */
export const agents = [
  { id: 'changelog', does: 'commits step by step', strategy: 'rebase' },
  { id: 'inventory', does: 'writes files and never tells git: all untracked', strategy: 'squash' },
  { id: 'headline', does: 'leaves one edit staged and another one unstaged', strategy: 'merge' },
  { id: 'slogan', does: 'changes the line that headline changes: a conflict', strategy: 'merge' },
  { id: 'flaky', does: 'writes half of its work, then fails', strategy: 'merge' },
  { id: 'tidy', does: 'edits many files; will lose its worktree', strategy: 'squash' },
]

/** The command that starts an agent; it keeps its own books in the ledger's directory. */
export function agentCommand(id, ledger) {
  return [process.execPath, program, id, ledger]
}
