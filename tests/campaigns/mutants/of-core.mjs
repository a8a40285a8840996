const tests = ['tests/core', 'tests/testkit/stories.test.ts']
const core = (file, what, from, to) => ({ file: `packages/core/src/${file}`, what, from, to, tests })

/** Deliberate faults in lifecycle and engine: in a file the text that is there exactly once becomes another, and the tests have to notice. */
export const ofCore = [
  core(
    'decide/guards.ts',
    'a merge lands unverified',
    '(merge.verify === null || merge.verified)',
    '(merge.verify !== undefined)',
  ),
  core(
    'decide/guards.ts',
    'a report of another commit counts',
    '?.prepared?.commit === event.data.commit',
    '?.prepared?.commit !== undefined',
  ),
  core(
    'decide/guards.ts',
    'a creation is tried once too often',
    '+ 1 < MAX_CREATION_ATTEMPTS',
    '+ 1 <= MAX_CREATION_ATTEMPTS',
  ),
  core(
    'effects/next-effect.ts',
    'nothing is verified',
    "if (merge.verify !== null && !merge.verified) return 'verify'",
    '',
  ),
  core(
    'effects/next-effect.ts',
    'a lost worktree is not rebuilt',
    "task.worktree === 'lost' ? 'rebuild' : null",
    'null',
  ),
  core(
    'evolve/evolvers.ts',
    'a merge stays prepared though its base moved',
    '{ ...merge, prepared: null, verified: false }',
    '{ ...merge }',
  ),
  core(
    'evolve/evolvers.ts',
    'a merge that is prepared anew counts as verified',
    '{ ...merge, prepared, verified: false }',
    '{ ...merge, prepared }',
  ),
  core('evolve/evolvers.ts', 'any exit ends any agent', 'agent?.pid === pid ?', 'agent !== null ?'),
  core(
    'evolve/evolvers.ts',
    'the branch of an abandoned parked task stays',
    "worktree === 'absent' ? 'lost' : worktree,",
    'worktree,',
  ),
  core(
    'evolve/evolvers.ts',
    'a worktree that was taken away is gone on with',
    "return worktree === 'present'",
    "return worktree !== 'lost'",
  ),

  // The engine.
  core(
    'engine/perform.ts',
    'a restless worktree is pinned for ever',
    'pins === MAX_PINS_PER_EFFECT',
    'pins < 0',
  ),
  core(
    'engine/perform.ts',
    'a landing is cancelled half way',
    "effect === 'land' ? undefined : cancellation.signal",
    'cancellation.signal',
  ),
  core(
    'engine/perform.ts',
    'a worktree goes under a living agent',
    "effect === 'remove' && !force && task.agent !== null",
    "effect === 'create' && !force && task.agent !== null",
  ),
  core(
    'engine/failure-report.ts',
    'a landing that failed goes back to the agent',
    "effect !== 'land'",
    "effect !== 'create'",
  ),
  core(
    'engine/failure-report.ts',
    'who merely opens cancels a merge',
    'if (isCancelled && !isRequested) return null',
    '',
  ),
  core(
    'engine/settler.ts',
    'a park fails for a removal that has to wait',
    "if (nextEffect(reached) !== 'remove') throw error",
    'throw error',
  ),
  core(
    'engine/execute.ts',
    'a conflict of versions is not decided again',
    "if (!isCoppiceError(error, 'version-conflict')) throw error",
    'throw error',
  ),
  core('engine/execute.ts', 'versions are not expected', "task?.version ?? 'no-stream'", "'any' as const"),
  core('engine/projection.ts', 'a fact counts twice', 'if (fact.sequence <= this.#position) return', ''),
  core(
    'engine/projection.ts',
    'facts of others are left out',
    'if (first.sequence > this.#position + 1) await this.#readOn()',
    '',
  ),
  core(
    'engine/discrepancies.ts',
    'an agent that vanished is never missed',
    'if (task.agent !== null && (await hasVanished(ports, task)))',
    'if (task.agent?.pid === -1)',
  ),
  core(
    'engine/take-checkpoint.ts',
    'a checkpoint of nothing new is recorded as lost',
    "if (outcome.kind === 'unchanged') return task.checkpoint",
    '',
  ),
]
