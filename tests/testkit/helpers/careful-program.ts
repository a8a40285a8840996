import { Engine } from '@coppice/core'
import type { Program, SimulatedWorld } from '@coppice/testkit'
import { mergeRequest } from '../../core/helpers/requests.js'

/** Has one task done and merged, going on from whatever is there, and from whatever another process makes of it. */
export function careful(world: SimulatedWorld, begins: () => void = () => undefined): Program<string> {
  return async (ports) => {
    begins()
    const engine = await Engine.open(ports)
    await engine.recover()
    const { path, status } = engine.find('fix') ?? (await engine.create({ id: 'fix' }))
    if (status === 'merged') return 'merged before'
    world.at(path).write('f', 'the fix')
    await engine.command('fix', mergeRequest())
    return 'merged'
  }
}
