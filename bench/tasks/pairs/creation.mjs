import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { namesFor, PlainWorktree } from '../plain.mjs'
import { hasPool, NO_POOL } from '../pool.mjs'
import { flush, quiet } from '../quiet.mjs'

/**
 * A task that is made, ready to work in, beside a worktree that git makes of the same base.
 *
 * @param {() => Promise<void>} [beforehand] what happens to the base when the pool is full, before each task of ours
 */
export function compareCreation({ coppice, repository, rounds, warmUp, run }, base, beforehand) {
  const nameOf = namesFor(run.name)
  const against = async () => {
    const plain = new PlainWorktree(repository, `plain-${nameOf()}`)
    await quiet(coppice, repository)
    const measured = await stopwatch(() => plain.add(base))
    await plain.drop()
    return measured
  }
  const measure = async () => {
    const id = nameOf()
    await quiet(coppice, repository)
    await beforehand?.()
    await flush()
    const measured = await stopwatch(() => coppice.create({ id, base }))
    await coppice.task(id).abandon()
    return measured
  }
  const problem = run.pool > 0 && !hasPool(coppice) ? NO_POOL : null
  return compare({ rounds, warmUp, against, contenders: [{ name: run.name, measure, problem }] })
}
