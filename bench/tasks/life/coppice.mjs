import { fillPool, openWithPool } from '../pool.mjs'

/** A merge takes all that the worktree holds, so there is nothing to be committed, and tidies up. */
export async function open(repository, { concurrency }) {
  const coppice = await openWithPool(repository, concurrency)
  await fillPool(coppice)
  return {
    async live({ name, edit, ready }) {
      const task = await coppice.create({ id: name, base: 'main' })
      ready()
      await edit(task.path)
      const { status } = await task.merge()
      if (status !== 'merged') throw new Error(`${name} is ${status}`)
    },
    retries: () => 0,
    close: () => coppice.close(),
  }
}
