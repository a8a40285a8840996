import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { Agent, Engine, Lock, TaskState } from '@coppice/core'
import { InvalidCommandError } from '../errors.js'
import { startAgent, type AgentExit, type StartedAgent } from './start-agent.js'

/** Milliseconds that an agent has between the request to end and its end by force. */
const KILL_GRACE_MS = 5_000

export interface RunOptions {
  /** As for `child_process.spawn`; by default the agent inherits stdin, stdout and stderr. */
  readonly stdio?: StdioOptions
  /** Ends the agent (SIGTERM, some seconds later SIGKILL); `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Gets the process once its start is in the log and before it runs: to read its output, or to signal it. */
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs an agent in a task's worktree, with its start and its end in the log. */
export async function runAgent(
  engine: Engine,
  id: string,
  command: readonly string[],
  { stdio = 'inherit', signal, onStart }: RunOptions,
): Promise<AgentExit> {
  if ((command[0] ?? '') === '') throw new InvalidCommandError(command)
  signal?.throwIfAborted()
  const { started, lock } = await recordedStart(engine, id, command, stdio, signal)
  const { agent, child, exit, closed, release } = started
  const letGo = endOnAbort(child, signal)
  try {
    onStart?.(child)
    if (signal?.aborted !== true) release()
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    try {
      const data = { pid: agent.pid, ...(await exit) }
      await engine.command(id, { type: 'agent.report-exited', data })
    } finally {
      await lock.release()
    }
    await closed
    letGo()
  }
  signal?.throwIfAborted()
  return exit
}

async function recordedStart(
  engine: Engine,
  id: string,
  command: readonly string[],
  stdio: StdioOptions,
  signal: AbortSignal | undefined,
): Promise<{ readonly started: StartedAgent; readonly lock: Lock }> {
  const starts: StartedAgent[] = []
  const start = async (task: TaskState): Promise<Agent> => {
    const started = await startAgent(task, command, stdio)
    starts.push(started)
    return started.agent
  }
  try {
    const lock = await engine.startAgent(id, start, signal)
    const [started] = starts
    if (started !== undefined) return { started, lock }
    throw new TypeError('the engine recorded an agent that was never started')
  } catch (error) {
    for (const { child, exit } of starts) {
      child.kill('SIGKILL')
      await exit
    }
    throw error
  }
}

function endOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let force: NodeJS.Timeout | undefined
  const end = (): void => {
    // What the agent started may outlive it and hold its output open; an abort does not wait for that.
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.kill('SIGTERM')
    force = setTimeout(() => child.kill('SIGKILL'), KILL_GRACE_MS)
  }
  if (signal?.aborted === true) end()
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    clearTimeout(force)
    signal?.removeEventListener('abort', end)
  }
}
