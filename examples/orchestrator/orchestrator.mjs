// A small orchestrator: a planner divides a goal into tasks, workers do them side by side, and each is merged when it is
// done. Nothing that matters is in its memory: killed at any moment and started again, it goes on from what Coppice knows.

/** Attempts at one task; each begins anew where the base is by then. */
const MAX_ATTEMPTS = 3

/**
 * Brings a goal home; resolves when every task of its plan has landed.
 *
 * @param coppice opened with `openCoppice`, or with `openCoppiceOn` in a simulated world
 * @param team `plan(goal)` answers with the tasks, each an `id` and a `title`; `work(task)` does one in its worktree
 * @param isForgetful plants a bug, for orchestrator.test.mjs to find: what was begun counts as done
 */
export async function orchestrate(coppice, goal, team, { isForgetful = false } = {}) {
  const plan = await team.plan(goal)
  await Promise.all(plan.map((item) => bringHome(coppice, item, team, isForgetful)))
}

async function bringHome(coppice, { id, title }, team, isForgetful) {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const name = attempt === 1 ? id : `${id}-${attempt}`
    const known = coppice.tasks().find((task) => task.id === name)
    if (known !== undefined && isForgetful) return
    const task = known ?? (await coppice.create({ id: name, title }))
    // Opening again does what an earlier life has left owed, but nobody is told by it that it could not.
    await task.settle()
    if (task.status === 'failed') await task.resume()
    if (task.status === 'active' && (await landed(task, team))) return
    if (task.status === 'merged') return
  }
  throw new Error(`${id} could not be merged in ${MAX_ATTEMPTS} attempts`)
}

/** Has a task done and merged. What the base has meanwhile made impossible is given up; all of it stays pinned. */
async function landed(task, team) {
  await team.work(task)
  const { status } = await task.merge({ strategy: 'squash' })
  if (status === 'merged') return true
  await task.abandon(`its merge was ${status}`)
  return false
}
