import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { RecordedFact } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import {
  durableLogContract,
  LockTable,
  LogDisk,
  MortalSteps,
  SimulatedLog,
  SimulatedWorld,
  type DurableLog,
} from '@coppice/testkit'
import { describe, expect, it } from 'vitest'
import { ForgetfulDisk } from './helpers/forgetful-disk.js'

describe.each([0, 1, 3])('the simulated log, of which %d unsynced facts survive', (kept) => {
  const open = async (): Promise<DurableLog> => {
    const world = new SimulatedWorld()
    const opened = (): DurableLog['log'] => world.start().ports.log
    return { log: opened(), reopen: async () => opened(), cutPower: async () => world.cutPower(kept) }
  }
  it.each(durableLogContract(open))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

describe.each([undefined, 2_000])('the file log in segments of %j bytes', (segmentBytes) => {
  const open = async (): Promise<DurableLog> => {
    const directory = mkdtempSync(join(tmpdir(), 'coppice-power-'))
    const path = join(directory, 'coppice')
    const options = segmentBytes === undefined ? {} : { segmentBytes }
    const power = new ForgetfulDisk()
    return {
      log: await openFileLog(path, { ...options, disk: power.disk }),
      reopen: () => openFileLog(path, { ...options, disk: power.disk }),
      cutPower: async () => power.cut(),
      dispose: async () => rmSync(directory, { recursive: true }),
    }
  }
  it.each(durableLogContract(open))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

/** Says that all is durable, and sees to it when the cut has long been. */
class LateDisk extends LogDisk {
  override sync(): void {
    setTimeout(() => super.sync(), 60_000).unref()
  }
}

/** Makes every other append durable, and takes it for granted that the one before is, too. */
class SparingDisk extends LogDisk {
  #calls = 0
  override sync(): void {
    this.#calls += 1
    if (this.#calls % 2 === 0) super.sync()
  }
}

/** Shows what is not durable yet. */
class HastyDisk extends LogDisk {
  override *read(from: number, stream?: string): Generator<RecordedFact, void> {
    for (const fact of this.after(Math.max(from, 1) - 1))
      if (stream === undefined || fact.stream === stream) yield fact
  }
}

/** What each does, and which cases have to notice it. */
const MUTANTS: readonly (readonly [string, new () => LogDisk, RegExp])[] = [
  ['acknowledges before it syncs', LateDisk, /^what was acknowledged survives|^a large append|^of appends/],
  ['syncs every other append', SparingDisk, /^what was acknowledged survives|^a large append/],
  ['shows readers what is not synced', HastyDisk, /^what a reader was given/],
]

describe.each(MUTANTS)('a log that %s is noticed:', (_, Disk, noticing) => {
  const cases = durableLogContract(async () => machineWith(new Disk()))
  it.each(cases.filter(({ name }) => noticing.test(name)))('$name', async ({ run }) => {
    await expect(run()).rejects.toThrow(/^fact #\d+ after the power cut/)
  })
})

describe('a log without any of these faults is not noticed on the same machine:', () => {
  it.each(durableLogContract(async () => machineWith(new LogDisk())))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

/** One process with a log on a disk of which the power can be cut, and others that come after it. */
function machineWith(disk: LogDisk): DurableLog {
  const table = new LockTable()
  // A sync takes its time, as on a disk.
  const steps = new MortalSteps({ step: async (name) => (name === 'log: sync' ? turn() : undefined) })
  return {
    log: new SimulatedLog({ disk, locks: table.openFor('the first'), steps }),
    reopen: async () => new SimulatedLog({ disk, locks: table.openFor('another') }),
    cutPower: async () => {
      steps.end()
      table.free('the first')
      disk.dropUnsynced()
    },
  }
}
