import type { Agent, AgentProbe } from '@coppice/core'

/** The agents' processes of a machine. They outlive the engines that started them. */
export class SimulatedAgents implements AgentProbe {
  readonly #alive = new Map<number, string>()
  #pids = 100

  /** Starts a process; a process id is never used twice, and its start time tells nobody more. */
  start(...command: readonly string[]): Agent {
    this.#pids += 1
    const agent = { pid: this.#pids, startTime: `boot+${this.#pids}`, command }
    this.#alive.set(agent.pid, agent.startTime)
    return agent
  }

  /** The process ends; nobody is told. */
  stop({ pid }: Agent): void {
    this.#alive.delete(pid)
  }

  stopAll(): void {
    this.#alive.clear()
  }

  async isAlive({ pid, startTime }: Agent): Promise<boolean> {
    return this.#alive.get(pid) === startTime
  }
}
