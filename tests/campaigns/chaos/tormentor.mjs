import { execFile } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { argumentsOf, endProcess, markedProcesses } from '../marked-processes.mjs'
import { Diary } from './diary.mjs'
import { CHECKED_OUT, ELSEWHERE, markIn } from './repository.mjs'

const run = promisify(execFile)

/** How likely each is. */
const LIKELY = {
  killEngine: 2,
  killAll: 1,
  killGit: 14,
  killAgent: 6,
  deleteWorktree: 5,
  commitInCheckout: 8,
  commitByPlumbing: 6,
  collectGarbage: 1,
  deleteBranch: 3,
}

/** Milliseconds from one torment to the next, at most. */
const MOST_PAUSE_MS = 700

/** Does to a repository what users, crashes and impatient people do to it. */
export class Tormentor {
  counts = new Map()
  #commits = 0

  /** @param theater the repository, the ledger, the environment, and what kills the engine */
  constructor(theater, random) {
    this.theater = theater
    this.random = random
  }

  async goOnUntil(end) {
    while (performance.now() < end) {
      await sleep(this.random.below(MOST_PAUSE_MS))
      const what = this.random.weighted(LIKELY)
      if (await this[what]()) this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
    }
  }

  killEngine() {
    return this.theater.killEngine()
  }

  /** As when the machine's memory runs out: the engine, every git and every agent at once. */
  async killAll() {
    const isKilled = await this.theater.killEngine()
    for (const pid of this.#processes(() => true)) endProcess(pid)
    return isKilled
  }

  killGit() {
    return this.#killOne(([program = '']) => /(^|\/)git(-\w+)?$/.test(program))
  }

  killAgent() {
    return this.#killOne(([, script = '']) => script.endsWith('/agent.mjs'))
  }

  async deleteWorktree() {
    const { worktrees, ledger } = this.theater
    const names = existsSync(worktrees) ? readdirSync(worktrees).filter((name) => !name.startsWith('.')) : []
    const task = this.random.of(names)
    if (task === undefined) return false
    const diary = new Diary(ledger, task)
    diary.write({ begin: 'delete' })
    await this.#attempt('rm', ['-rf', join(worktrees, task)])
    diary.write({ end: 'delete' })
    return true
  }

  /** A user commits a file of their own, and nothing else, on the branch that is checked out. */
  async commitInCheckout() {
    const path = `user/in-checkout-${(this.#commits += 1)}`
    writeFileSync(join(this.theater.repo, path), `${this.#commits}\n`)
    await this.#git('add', path)
    return this.#git('commit', '--quiet', '--message', `the user’s ${path} on ${CHECKED_OUT}`, '--', path)
  }

  /** A commit of the same files is enough to move a branch. */
  async commitByPlumbing() {
    const { repo, env } = this.theater
    const commit = `git commit-tree -p ${ELSEWHERE} -m 'a user was here ${(this.#commits += 1)}' '${ELSEWHERE}^{tree}'`
    const script = `old=$(git rev-parse ${ELSEWHERE}); new=$(${commit}); git update-ref -m user refs/heads/${ELSEWHERE} $new $old`
    return this.#attempt('sh', ['-euc', script], { cwd: repo, env })
  }

  collectGarbage() {
    return this.#git('gc', '--quiet')
  }

  async deleteBranch() {
    const { stdout } = await run('git', ['for-each-ref', '--format=%(refname)', 'refs/heads/coppice'], {
      cwd: this.theater.repo,
      env: this.theater.env,
    }).catch(() => ({ stdout: '' }))
    const ref = this.random.of(stdout.split('\n').filter(Boolean))
    return ref !== undefined && this.#git('update-ref', '-d', ref)
  }

  #processes(isWanted) {
    const { env } = this.theater
    return markedProcesses(markIn(env.COPPICE_CHAOS)).filter((pid) => isWanted(argumentsOf(pid)))
  }

  #killOne(isWanted) {
    const pid = this.random.of(this.#processes(isWanted))
    if (pid !== undefined) endProcess(pid)
    return pid !== undefined
  }

  #git(...args) {
    return this.#attempt('git', args, { cwd: this.theater.repo, env: this.theater.env })
  }

  /** Whether it succeeded: much may be in its way, and it may be killed itself. */
  async #attempt(program, args, options) {
    try {
      await run(program, args, options)
      return true
    } catch {
      return false
    }
  }
}
