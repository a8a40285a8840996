import type { Stage } from './stage.js'

/** An agent that has committed `c`, staged `s` in two versions, and left `u` untracked and a mode changed; two files are empty. */
export async function edit(stage: Stage, id = 'fix'): Promise<void> {
  const agent = stage.agent(id)
  await agent.write('c', 'committed\n')
  await agent.stage('c')
  await agent.commit('commit c')
  await agent.write('s', 'staged\n')
  await agent.stage('s')
  await agent.write('s', 'staged, then changed\n')
  await agent.write('empty', '')
  await agent.stage('empty')
  await agent.write('deep/er/empty', '')
  await agent.write('deep/er/u', 'untracked\n')
  await agent.write('c', 'committed\n', '100755')
  await agent.write('link', 'deep/er/u', '120000')
}

/** Commits one file. */
export async function commitFile(stage: Stage, path: string, content: string, id = 'fix'): Promise<string> {
  const agent = stage.agent(id)
  await agent.write(path, content)
  await agent.stage(path)
  return agent.commit(`change ${path}`)
}

/** A worktree with edits, all of it pinned. */
export async function checkpointed(stage: Stage): Promise<void> {
  await stage.create()
  await edit(stage)
  await stage.engine.checkpoint('fix', undefined)
}
