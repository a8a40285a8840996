import { expect, test, vi } from 'vitest'
import { fakeGit } from '../helpers/fake-git.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns } from '../helpers/tree.js'
import { factsOf, openWorld } from '../helpers/world.js'
import { fill } from './pooled.js'

test.each([
  ['is taken from the pool', 1],
  ['is made anew', 0],
])(
  'where somebody moves the branch while its worktree %s, that is what the worktree has',
  async (_, size) => {
    const user = makeRepository()
    user.git('switch', '--quiet', '--create', 'side')
    user.commit('somebody.txt', 'work\n')
    const side = user.git('rev-parse', 'HEAD')
    user.git('switch', '--quiet', 'main')
    const world = await openWorld({ user })
    if (size > 0) await fill(world, { size })
    const branch = 'refs/heads/coppice/fix'
    const meddling = `case "$*" in *update-ref*${branch}*) git "$@" || exit; exec git update-ref ${branch} side ;; esac`
    vi.stubEnv('PATH', fakeGit(user.scratch, `${meddling}; exec git "$@"`))
    const { path, status } = await world.engine.create({ id: 'fix' })
    vi.stubEnv('PATH', user.env['PATH'])
    expect(status).toBe('active')
    agentRuns(user, path, 'test -e somebody.txt; test -z "$(git status --porcelain)"')
    expect(user.git('rev-parse', branch)).toBe(side)
    const created = (await factsOf(world)).find(({ type }) => type === 'worktree.created')
    expect(created?.data).toMatchObject({ head: side })
  },
)
