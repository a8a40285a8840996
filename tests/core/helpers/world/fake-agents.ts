import type { Agent, AgentProbe } from '@coppice/core'

/** The processes that run just now, by their command. */
export class FakeAgents implements AgentProbe {
  readonly #alive = new Map<string, Agent>()
  #pids = 100

  /** Starts an agent, or answers with the one that runs that command already. */
  start(command: string): Agent {
    const running = this.#alive.get(command)
    if (running !== undefined) return running
    this.#pids += 1
    const agent = { pid: this.#pids, startTime: `boot+${this.#pids}`, command: [command] }
    this.#alive.set(command, agent)
    return agent
  }

  stop({ command }: Agent): void {
    this.#alive.delete(command[0]!)
  }

  async isAlive({ command, startTime }: Agent): Promise<boolean> {
    return this.#alive.get(command[0]!)?.startTime === startTime
  }
}
