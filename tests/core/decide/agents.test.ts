import { fact, sampleFactData } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { given } from '../helpers/given.js'

const running = ['task.requested', 'worktree.created', 'agent.started'] as const
const agent = sampleFactData['agent.started']

describe('the agent of a task', () => {
  test('is known from its start to its exit', () => {
    expect(given(...running).state?.agent).toEqual(agent)
    expect(given(...running, 'agent.exited').state?.agent).toBeNull()
  })

  test('is known through a merge, so that nothing is torn down under it', () => {
    const { state } = given(...running, 'merge.requested', 'merge.prepared', 'merge.verified', 'merge.landed')
    expect(state?.agent).toEqual(agent)
  })

  test('stays known when the exit of one before it is told late', () => {
    const next = { ...agent, pid: agent.pid + 1 }
    const { state } = given(...running, 'agent.exited', fact('agent.started', next), 'agent.exited')
    expect(state?.agent).toEqual(next)
  })
})
