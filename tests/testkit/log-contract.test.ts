import {
  eventLogContract,
  LogDisk,
  reopenedLogContract,
  SimulatedLog,
  type ReopenableLog,
} from '@coppice/testkit'
import { describe, expect, it } from 'vitest'

describe('the simulated log', () => {
  it.each([...eventLogContract(open), ...reopenedLogContract(open)])('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

async function open(): Promise<ReopenableLog> {
  const disk = new LogDisk()
  return { log: new SimulatedLog({ disk }), reopen: async () => new SimulatedLog({ disk }) }
}
