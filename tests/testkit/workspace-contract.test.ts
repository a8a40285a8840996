import { simulatedWorkspaceWorld, workspaceContract } from '@coppice/testkit'
import { describe, expect, it } from 'vitest'

describe('the simulated workspace', () => {
  it.each(workspaceContract(async () => simulatedWorkspaceWorld()))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})
