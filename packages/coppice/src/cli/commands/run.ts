import type { Command } from 'commander'
import type { AgentExit } from '../../agent/start-agent.js'
import { InvalidCommandError } from '../../errors.js'
import type { MergeOutcome } from '../../facade/merge-outcome.js'
import type { Task } from '../../facade/task.js'
import { exitText } from '../output/describe-fact.js'
import { EXIT } from '../failure/exit-codes.js'
import { mergeAndTell } from '../merge-and-tell.js'
import { addMergeOptions, type MergeFlags } from '../arguments/merge-options.js'
import { acting, type Session } from '../session/acting.js'
import { refillLater } from '../session/refill-later.js'

interface Options extends MergeFlags {
  readonly base?: string
  readonly title?: string
  readonly keep?: boolean
}

/** How the task stands after the run: what came of the merge, or its status where nothing was merged. */
interface Ending {
  readonly outcome: MergeOutcome | { readonly status: Task['status'] }
  readonly exitCode: number
}

export function define(command: Command): void {
  command
    .argument('<task>', 'the id of the new task, such as fix-login')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('--base <ref>', 'the branch, tag or commit to start from; by default what is checked out here')
    .option('--into <branch>', 'the local branch to merge into; by default the base, if it is one')
    .option('--title <text>', 'a line for people')
    .option('--keep', 'do not merge on exit 0: pin the work and leave the task as it is')
  addMergeOptions(command).action((id: string, words: readonly string[], options: Options) =>
    acting(command, async (session) => {
      if (words[0] === '') throw new InvalidCommandError(words)
      const { base, into, title } = options
      const { coppice, output, signal } = session
      const task = await coppice.create({ id, base, into, title, signal })
      output.note(`${id}: ${task.path} (${task.branch})`)
      refillLater(coppice, session.directory)
      const agent = await runAgent(session, task, words)
      const { outcome, exitCode } = await finish(session, task, agent, options)
      output.data('', { task: task.state, agent, outcome })
      return exitCode
    }),
  )
}

async function runAgent(
  { interrupts, signal }: Session,
  task: Task,
  words: readonly string[],
): Promise<AgentExit> {
  try {
    return await task.run(words, { signal, onStart: interrupts.handTo.bind(interrupts) })
  } catch (error) {
    // Without its agent the task is of no use now; parked, it takes no room and can be resumed.
    if (task.status === 'active') await task.park('its agent could not be run')
    throw error
  } finally {
    interrupts.takeBack()
  }
}

/** The agent may have merged its own task, or a person may have parked it meanwhile; then that is the outcome. */
async function finish(session: Session, task: Task, agent: AgentExit, options: Options): Promise<Ending> {
  const { output, signal } = session
  const { id, status } = task
  const succeeded = agent.exitCode === 0
  if (status === 'merged') return { outcome: mergedBefore(task), exitCode: EXIT.done }
  if (status === 'parked' || status === 'abandoned') {
    output.note(`${id} was ${status} meanwhile`)
    return { outcome: { status }, exitCode: succeeded ? EXIT.done : EXIT.failed }
  }
  if (!succeeded) {
    const how = exitText(agent)
    await task.park(`the agent failed: ${how}`, { signal })
    const where =
      task.state.worktree === 'absent'
        ? 'the work is pinned and the task parked'
        : `the task is parked, and its work stays in ${task.path} until it can be pinned`
    output.setback(`the agent of ${id} failed: ${how}`, [
      `  ${where}: \`coppice diff ${id}\`, \`coppice resume ${id}\``,
    ])
    return { outcome: { status: task.status }, exitCode: EXIT.failed }
  }
  if (options.keep !== true) return mergeAndTell(session, task, options)
  await task.checkpoint('the agent’s work', { signal })
  output.note(`${id} is kept in ${task.path}; \`coppice merge ${id}\` merges it`)
  return { outcome: { status: task.status }, exitCode: EXIT.done }
}

function mergedBefore({ state }: Task): MergeOutcome {
  if (state.landing === null) throw new TypeError(`task ${state.id} is merged without a landing`)
  const { commit, into } = state.landing
  return { status: 'merged', commit, into }
}
