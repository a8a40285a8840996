import type { RecordedFact } from '@coppice/core'
import { mergeBases } from '../git-model/ancestry.js'
import { isSameFile, type Files } from '../git-model/files.js'
import { branchRef, type RefMove } from '../git-model/refs.js'
import type { SimulatedRepository } from '../git-model/repository.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenPromise } from './broken-promise.js'

type Prepared = Extract<RecordedFact, { readonly type: 'merge.prepared' }>['data']

/**
 * Every move of a branch that tasks are to land on was made by a person, or is a merge that the log had named before: from the
 * very commit that it was computed on, with all that the task changed and all that the base had, and nothing else.
 *
 * @throws {BrokenPromise} with the move that is neither
 */
export function assertBaseNeverPartial({ repository, disk }: SimulatedWorld): void {
  const facts = disk.after(0)
  const targets = targetsIn(facts)
  const prepared = facts.flatMap(({ type, data }) => (type === 'merge.prepared' ? [data] : []))
  const reached = new Map<string, string | null>()
  for (const move of repository.refs.moves) {
    if (!targets.has(move.ref)) continue
    if ((reached.get(move.ref) ?? null) !== move.from)
      throw broken(move, 'it did not begin where the last move had ended')
    reached.set(move.ref, move.to)
    if (move.to === null || repository.work.byPeople.has(move.to)) continue
    // A task without changes of its own is prepared as what is there already.
    const merge = prepared.find(({ commit, base }) => commit === move.to && base === move.from)
    if (merge === undefined) throw broken(move, 'no fact names the commit as computed on what was there')
    requireWhole(repository, merge, move)
  }
}

/** The branches that tasks are to land on, by their full names. */
function targetsIn(facts: readonly RecordedFact[]): ReadonlySet<string> {
  const targets = new Set<string>()
  for (const { type, data } of facts) {
    if ((type === 'task.requested' || type === 'merge.requested') && data.into !== null)
      targets.add(branchRef(data.into))
  }
  return targets
}

function requireWhole(
  { objects }: SimulatedRepository,
  { commit, base, tip }: Prepared,
  move: RefMove,
): void {
  const [merged, theirs, ours] = [commit, base, tip].map((each) => objects.filesAt(each)) as [
    Files,
    Files,
    Files,
  ]
  const [common] = mergeBases(objects, base, tip)
  const before = common === undefined ? new Map() : objects.filesAt(common)
  for (const path of new Set([...merged.keys(), ...theirs.keys(), ...ours.keys()])) {
    const isChanged = !isSameFile(ours.get(path), before.get(path))
    const expected = isChanged ? ours.get(path) : theirs.get(path)
    if (!isSameFile(merged.get(path), expected)) throw broken(move, `${path} is not as it was merged`)
  }
}

function broken({ ref, from, to }: RefMove, why: string): BrokenPromise {
  return new BrokenPromise(`${ref} moved from ${from ?? 'nothing'} to ${to ?? 'nothing'}: ${why}`)
}
