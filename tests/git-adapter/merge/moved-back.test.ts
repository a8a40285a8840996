import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld, typesOf } from '../helpers/world.js'

test('a checked-out base that its user moves back meanwhile is merged with anew, and not taken forward from there', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, 'echo new > new')
  const back = user.git('rev-parse', 'main~1')
  const once = join(user.scratch, 'once')
  const script = `test -e ${once} || { touch ${once}; git -C ${user.path} reset -q --hard ${back}; }`
  const task = await engine.command('fix', mergeRequest({ verify: ['sh', '-c', script] }))
  expect(task.status).toBe('merged')
  expect(await typesOf(world)).toContain('merge.base-moved')
  expect(user.git('rev-parse', 'main^1')).toBe(back)
  expect(user.read('new')).toBe('new\n')
})
