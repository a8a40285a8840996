import { transition } from 'xstate'
import { USER_COMMANDS, type Command, type CommandType } from '../commands/command.js'
import type { Fact } from '../facts/fact.js'
import type { TaskState } from '../task/state.js'
import type { TaskStatus } from '../task/status.js'
import { taskMachine } from './machine.js'

/** What came of a command: facts to append, or a refusal with the commands that a person could give instead. */
export type Decision =
  | { readonly accepted: true; readonly facts: readonly Fact[]; readonly status: TaskStatus }
  | { readonly accepted: false; readonly command: CommandType; readonly allowed: readonly CommandType[] }

/**
 * Decides a command against a task's state, or against null before there is a task.
 * Pure: the same state and command always give the same facts.
 */
export function decide(task: TaskState | null, command: Command): Decision {
  const before = taskMachine.resolveState({ value: task?.status ?? 'unrequested', context: { task } })
  const [after, actions] = transition(taskMachine, before, command)
  // XState answers an event that nothing handles with the same snapshot and no actions.
  if (after === before && actions.length === 0) {
    return { accepted: false, command: command.type, allowed: allowedIn(task) }
  }
  return { accepted: true, facts: emittedBy(actions), status: after.value as TaskStatus }
}

/** What a transition emits comes back as actions of this type, which XState does not describe in its types. */
function emittedBy(actions: readonly { readonly type: string; readonly params: unknown }[]): Fact[] {
  return actions
    .filter(({ type }) => type === 'xstate.emit')
    .map(({ params }) => (params as { readonly event: Fact }).event)
}

/** The commands that a person can give in a task's status. */
export function allowedIn(task: TaskState | null): readonly CommandType[] {
  const handled = taskMachine.states[task?.status ?? 'unrequested']?.config.on ?? {}
  return USER_COMMANDS.filter((command) => command in handled)
}
