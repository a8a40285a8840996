import type { Agent, AgentProbe } from '@coppice/core'
import { readProcessStart } from './process-start.js'

/** Knows a process by its id and its start time together; one that has ended and waits to be reaped is dead. */
export class ProcessProbe implements AgentProbe {
  async isAlive({ pid, startTime }: Agent): Promise<boolean> {
    const found = readProcessStart(pid)
    return found !== null && !found.zombie && found.startTime === startTime
  }
}
