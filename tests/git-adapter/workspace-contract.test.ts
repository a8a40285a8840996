import { workspaceContract } from '@coppice/testkit'
import { describe, expect, it } from 'vitest'
import { gitWorkspaceWorld } from '../testkit/helpers/git-workspace-world.js'

describe('the git workspace', () => {
  it.each(workspaceContract(gitWorkspaceWorld))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})
