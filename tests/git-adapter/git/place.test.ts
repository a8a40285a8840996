import { expect, test } from 'vitest'
import { configured } from '../../../packages/git-adapter/src/git/place.js'
import { gitLine } from '../../../packages/git-adapter/src/git/run.js'
import { makeRepository } from '../../helpers/repository.js'
import { useEnvironment } from '../helpers/environment.js'

test.each([true, false])(
  'settings that a place is given all count (in a partial clone: %s)',
  async (isPartial) => {
    const user = makeRepository()
    useEnvironment(user.env)
    const place = { gitDir: `${user.path}/.git`, isPartial }
    const told = configured(configured(place, 'user.name', "It's me"), 'core.eol', 'crlf')
    const values = ['user.name', 'core.eol'].map((key) => gitLine(told, { args: ['config', key] }))
    expect(await Promise.all(values)).toEqual(["It's me", 'crlf'])
    const promised = { args: ['config', 'remote.promised.promisor'], answers: [1] }
    expect(await gitLine(told, promised)).toBe(isPartial ? 'true' : '')
  },
)
