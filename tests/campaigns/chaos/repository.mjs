import { attempt, execute } from '../execute.mjs'

export const CHECKED_OUT = 'main'
export const ELSEWHERE = 'trunk'
export const BASES = [CHECKED_OUT, ELSEWHERE]

const MAX_BYTES = 2_000_000_000

/** Nothing of the machine's configuration, and a mark by which every process that is started is known. */
export function environmentFor(mark) {
  return {
    PATH: process.env.PATH,
    HOME: mark,
    LANG: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    COPPICE_CHAOS: mark,
  }
}

/** The text in the environment of every process of a run. */
export function markIn(mark) {
  return `COPPICE_CHAOS=${mark}\0`
}

export function makeRepository(repo, env) {
  const script = `
    git init --quiet --initial-branch ${CHECKED_OUT} "$0"
    cd "$0"
    git config user.name Somebody
    git config user.email somebody@example.org
    mkdir shared work user src
    for number in $(seq 0 39); do seq 30 > shared/$number; seq $number 300 > src/$number; done
    touch work/.keep user/.keep
    git add --all
    git commit --quiet --message first
    git branch ${ELSEWHERE}`
  execute('sh', ['-euc', script, repo], { env })
}

/** Plain git, for whoever looks at the repository from outside. */
export class Git {
  constructor(repo, env) {
    this.repo = repo
    this.env = { ...env, GIT_OPTIONAL_LOCKS: '0' }
  }

  ask(...args) {
    return execute('git', args, { cwd: this.repo, env: this.env, maxBuffer: MAX_BYTES })
  }

  try(args, input = '') {
    return attempt('git', args, { cwd: this.repo, env: this.env, input, maxBuffer: MAX_BYTES })
  }

  lines(...args) {
    return this.ask(...args)
      .split('\n')
      .filter(Boolean)
  }
}
