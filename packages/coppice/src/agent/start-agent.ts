import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Agent, TaskState } from '@coppice/core'
import { AgentStartError } from '../errors.js'
import { readProcessStart } from '../system/process-start.js'
import { agentEnvironment } from './agent-environment.js'
import { reasonNotToStart } from './find-program.js'

/** How an agent's process ended: with an exit code, or by a signal. */
export interface AgentExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that has an id and a start time, and waits for permission to become the agent. */
export interface StartedAgent {
  readonly agent: Agent
  readonly child: ChildProcess
  readonly exit: Promise<AgentExit>
  /** Resolves once all of its output was read, too. */
  readonly closed: Promise<void>
  /** Lets the agent run. */
  readonly release: () => void
}

/**
 * Starts a program in a task's worktree, but does not let it run yet: the process waits on a pipe and then replaces
 * itself by the program. When its start cannot be recorded, or we are killed before that, the pipe closes and the
 * process ends; so an agent that runs is always one that the log knows.
 *
 * @throws {AgentStartError} when the system cannot start it
 */
export async function startAgent(
  task: TaskState,
  command: readonly string[],
  stdio: StdioOptions,
): Promise<StartedAgent> {
  const env = agentEnvironment(task)
  const reason = reasonNotToStart(command[0] ?? '', task.path, env['PATH'] ?? '')
  if (reason !== null) throw new AgentStartError(task.id, command, reason)
  const streams = streamsOf(stdio)
  const child = trySpawn(task, command, env, [...streams, 'pipe'])
  const { pid } = child
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException]
    throw notStarted(task, command, error)
  }
  // Nothing was awaited since the start, so even a process that has ended already was not yet reaped.
  const startTime = readProcessStart(pid)?.startTime ?? ''
  const gate = child.stdio[streams.length] as Writable
  // A process that was ended while it waited shows in its exit.
  gate.on('error', () => undefined)
  return { agent: { pid, startTime, command }, child, ...endOf(child), release: () => gate.end('\n') }
}

function trySpawn(
  task: TaskState,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: StdioOptions & readonly unknown[],
): ChildProcess {
  const gate = stdio.length - 1
  const script = `read -r go <&${gate} && exec "$@" ${gate}<&-`
  try {
    return spawn('/bin/sh', ['-c', script, 'coppice', ...command], { cwd: task.path, env, stdio })
  } catch (error) {
    throw notStarted(task, command, error as NodeJS.ErrnoException)
  }
}

/** The streams one by one, at least the three that every process has. */
function streamsOf(stdio: StdioOptions): Exclude<StdioOptions, string> {
  if (typeof stdio === 'string') return [stdio, stdio, stdio]
  return stdio.length >= 3 ? stdio : streamsOf([...stdio, 'pipe'])
}

function endOf(child: ChildProcess): Pick<StartedAgent, 'exit' | 'closed'> {
  const exit = new Promise<AgentExit>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  return { exit, closed }
}

function notStarted(
  task: TaskState,
  command: readonly string[],
  error: NodeJS.ErrnoException,
): AgentStartError {
  return new AgentStartError(task.id, command, error.code ?? error.message, { cause: error })
}
