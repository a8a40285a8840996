import { fileURLToPath } from 'node:url'

const COPPICE = fileURLToPath(new URL('../../../packages/coppice/dist/bin/coppice.js', import.meta.url))

/** The base is not checked out anywhere. */
const ELSEWHERE = 'git switch --quiet --detach'

/** The base has moved on since the task was made, in files of its own. */
const AHEAD = `
  echo theirs > theirs
  sed -i '1s/^/theirs: /' src/file12
  git add --all
  git commit --quiet --message theirs`

/** One worktree is ready, at the base. */
const FILL = `'${process.execPath}' '${COPPICE}' pool --size 1 --quiet`

/** A task has taken it; its worktree goes back there when it is taken away. */
const TAKE = `${FILL}\ngit config coppice.poolSize 0\n'${process.execPath}' '${COPPICE}' new taken --quiet > /dev/null`

const CHANGE = `
  cd ../repo.worktrees/taken
  echo changed >> src/file1
  rm src/file2
  mkdir -p build/deep
  echo left > build/deep/left`

/** Its checkout holds a person's own work, in files that the task does not touch. */
const DIRTY = `
  echo mine >> src/file15
  echo staged >> src/file16
  git add src/file16
  echo mine > mine`

const BASES = {
  elsewhere: (ahead) => `${ahead}\n${ELSEWHERE}`,
  clean: (ahead) => ahead,
  dirty: (ahead) => `${ahead}\n${DIRTY}`,
}

const LOSE_WORKTREE = 'rm -r ../repo.worktrees/edited'

/** Leaves all as it was, so that it does not matter whether it came to begin. */
const AGENT = ['sh', '-c', 'mv src/by-edited away; sleep 0.05; mv away src/by-edited']

const DRIFT = `
  git worktree add --quiet --detach --no-checkout ../repo.worktrees/.making/edited+coppice
  mkdir -p ../repo.worktrees/.trash/edited~1/deep
  git update-ref -d refs/coppice/edited/checkpoints/1
  git update-ref -d refs/heads/coppice/parked
  rm ../repo.worktrees/edited/.git
  : > .git/index.lock
  touch -d '1 hour ago' .git/index.lock
  git config core.bare true`

/** Moves the base on while a merge is verified, the first time that it is not killed at it. */
const MOVE_BASE =
  'PATH=$CRASH_PATH; test -e "$REPO/../moved" || { git -C "$REPO" update-ref refs/heads/main theirs && : > "$REPO/../moved"; }'

/**
 * Each does one thing (`act`, a job of player.mjs, with its arguments) to one task, after a `prepare`, a shell script in
 * the repository; `between` is what else makes of the base a state that a kill may leave it in. A `drift` is prepared
 * last, and is no state that anything may be left in. What `isUnordered` goes on in the background, so that its git processes come in no
 * fixed order.
 */
export const scenarios = {
  create: { act: { do: 'create', task: 'new' } },
  'create-setup': {
    prepare: `git config coppice.setup 'echo made > made; git rev-parse HEAD > at; sleep 0.05'`,
    act: { do: 'create', task: 'new' },
  },
  'create-from-pool': { prepare: FILL, act: { do: 'create', task: 'new' } },
  'create-from-older-pool': { prepare: `${FILL}\n${AHEAD}`, act: { do: 'create', task: 'new' } },
  'abandon-to-pool': { prepare: TAKE, act: { do: 'abandon', task: 'taken' }, isUnordered: true },
  'park-to-pool': {
    prepare: `${TAKE}\n${CHANGE}`,
    act: { do: 'park', task: 'taken' },
    isUnordered: true,
  },
  fill: { act: { do: 'fill', task: 'edited' } },
  run: { act: { do: 'run', task: 'edited', command: AGENT } },
  checkpoint: { act: { do: 'checkpoint', task: 'edited' } },
  park: { act: { do: 'park', task: 'edited' } },
  resume: { act: { do: 'resume', task: 'parked' } },
  abandon: { act: { do: 'abandon', task: 'edited' } },
  restore: { act: { do: 'restore', task: 'abandoned' } },
  rebuild: { prepare: LOSE_WORKTREE, act: { do: 'states', task: 'edited' } },
  repair: { drift: DRIFT, act: { do: 'repair', task: 'edited' } },
  ...merges(),
  verify: {
    prepare: AHEAD,
    act: merge('merge', { verify: ['sh', '-c', 'test -e src/by-edited; sleep 0.05'] }),
  },
  conflict: {
    prepare: `echo theirs >> src/file4; git commit --quiet --all --message theirs`,
    act: merge('merge'),
  },
  'base-moves': {
    prepare: `git switch --quiet --create theirs; ${AHEAD}; ${ELSEWHERE}`,
    between: 'git update-ref refs/heads/main theirs',
    act: merge('squash', { verify: ['sh', '-c', MOVE_BASE] }),
  },
}

function merge(strategy, options = {}) {
  return { do: 'merge', task: 'edited', strategy, ...options }
}

function merges() {
  const found = {}
  for (const strategy of ['merge', 'squash', 'rebase', 'ff']) {
    for (const [base, prepare] of Object.entries(BASES)) {
      found[`${strategy}-${base}`] = {
        prepare: prepare(strategy === 'ff' ? '' : AHEAD),
        act: merge(strategy),
      }
    }
  }
  return found
}
