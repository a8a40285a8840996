import type { TaskState } from '@coppice/core'

/**
 * The variables that bind git to one repository, after `git rev-parse --local-env-vars`; a hook or an alias that
 * calls Coppice has them set, and they would lead the agent's git out of its worktree. Configuration that is
 * given in the environment stays.
 */
const REPOSITORY_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]

/** What an agent finds in its environment: ours, freed from any repository, and the task it works on. */
export function agentEnvironment(task: TaskState, own = process.env): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...own, PWD: task.path, COPPICE_TASK: task.id, COPPICE_PATH: task.path }
  for (const name of REPOSITORY_VARIABLES) delete env[name]
  return env
}
