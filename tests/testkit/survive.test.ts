import type { EnginePorts } from '@coppice/core'
import {
  assertNothingLost,
  BrokenProgram,
  SimulatedFailure,
  SimulatedWorld,
  survive,
  type ProgramFault,
} from '@coppice/testkit'
import { expect, test } from 'vitest'
import { careful } from './helpers/careful-program.js'

const crash = (step: number): ProgramFault => ({ step, kind: 'crash' })

test('a program is started again after each of its deaths, until it lives', async () => {
  const world = new SimulatedWorld()
  const lives: string[] = []
  const { value, troubles } = await survive(
    world,
    careful(world, () => lives.push('begins')),
    [crash(9), crash(4)],
  )
  expect([value, lives.length, troubles.length]).toEqual(['merged', 3, 2])
  expect(troubles[0]).toMatch(/^killed before “.+”$/)
  expect(() => assertNothingLost(world)).not.toThrow()
})

test('one that comes to its end before its fault lives once', async () => {
  const world = new SimulatedWorld()
  const lives: string[] = []
  const { value, troubles } = await survive(
    world,
    careful(world, () => lives.push('begins')),
    [crash(1_000), crash(1)],
  )
  expect([value, lives.length, troubles]).toEqual(['merged', 1, []])
})

test('wherever it is killed, it comes to the same end', async () => {
  for (let step = 1; step < 60; step++) {
    const world = new SimulatedWorld()
    await survive(world, careful(world), [crash(step)])
    const files = world.repository.filesAt(world.repository.branch('main'))
    expect({ step, f: files.get('f')?.content }).toEqual({ step, f: 'the fix' })
  }
})

test('an injected failure that the program does not get over starts it again, and any other error is its own', async () => {
  const world = new SimulatedWorld()
  const lives: string[] = []
  const { troubles } = await survive(
    world,
    careful(world, () => lives.push('begins')),
    [{ step: 2, kind: 'fail' }],
  )
  expect([lives.length, troubles]).toEqual([2, [expect.stringMatching(/^failed at/)]])
  const mistaken = (): Promise<never> => Promise.reject(new TypeError('its own'))
  await expect(survive(world, mistaken, [crash(1)])).rejects.toThrow('its own')
})

const wrapped = (cause: unknown): Error => new Error('the work failed', { cause })

test('an injected failure counts as one when the program has wrapped it, too', async () => {
  const world = new SimulatedWorld()
  const lives: string[] = []
  const program = careful(world, () => lives.push('begins'))
  const wrapping = (ports: EnginePorts): Promise<string> =>
    program(ports).catch((cause: unknown) => {
      throw wrapped(wrapped(cause))
    })
  const { value } = await survive(world, wrapping, [{ step: 2, kind: 'fail' }])
  expect([value, lives.length]).toEqual(['merged', 2])
})

test('errors that cause one another in a circle are the program’s own', async () => {
  const [one, other] = [new Error('one'), new Error('other')]
  one.cause = other
  other.cause = one
  await expect(survive(new SimulatedWorld(), () => Promise.reject(one), [])).rejects.toThrow('one')
})

test('what the program throws is told with the steps at which its lives ended, and what each had recorded', async () => {
  const world = new SimulatedWorld()
  const program = careful(world)
  const mistake = new TypeError('its own')
  const mistaken = async (ports: EnginePorts): Promise<never> => {
    await program(ports)
    throw mistake
  }
  const broken = survive(world, mistaken, [crash(9)])
  await expect(broken).rejects.toThrow(
    /^its own\n\n {2}life 1: killed before “[^”]+”\n +#1 fix task\.requested.*\n {2}life 2: nothing befell it\n.* fix merge\.landed/,
  )
  await expect(broken).rejects.toMatchObject({ cause: mistake })
})

test('so is what is asserted at its end', async () => {
  const world = new SimulatedWorld()
  const broken = survive(world, careful(world), [crash(9)], async (value) => {
    expect(value).toBe('something else')
  })
  await expect(broken).rejects.toThrow(BrokenProgram)
  await expect(broken).rejects.toThrow(/something else[^]*life 1: killed before “[^”]+”/)
})

test('a program that fails as if something had befallen it, when nothing has, is broken', async () => {
  const failing = (): Promise<never> => Promise.reject(new SimulatedFailure('kept from before'))
  await expect(survive(new SimulatedWorld(), failing, [])).rejects.toThrow(
    /^the program failed though nothing befell it/,
  )
})
