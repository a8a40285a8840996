import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../cleanup.mjs'
import { markedEnded } from '../marked-processes.mjs'
import { Player } from './live-player.mjs'
import { look } from './look.mjs'
import { run } from './run-program.mjs'
import { MAKE_REPOSITORY, TASKS } from './template.mjs'

const WRAPPER = fileURLToPath(new URL('git-in-danger.sh', import.meta.url))

/** A place where cases happen, one after the other: names in a repository are absolute, so it is always the same. */
export class Stage {
  #base = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-crash-')))
  /** Holds the repository, the worktrees, and nothing else. */
  #live = join(this.#base, 'live')
  repo = join(this.#live, 'repo')
  #danger = join(this.#base, 'danger')
  #bin = join(this.#base, 'bin')
  #env = {
    ...environment,
    HOME: this.#base,
    TMPDIR: join(this.#base, 'tmp'),
    REPO: this.repo,
    CRASH_DIR: this.#danger,
    CRASH_PATH: environment.PATH,
    CRASH_WORKTREE: join(this.#live, 'repo.worktrees', 'edited'),
  }
  #prepared = new Set()
  /** The newest process; one that a case left behind is not to disturb the next. */
  #player = null
  remove = atEnd(() => rmSync(this.#base, { recursive: true, force: true }))

  constructor() {
    mkdirSync(this.#env.TMPDIR)
    mkdirSync(this.#bin)
    copyFileSync(WRAPPER, join(this.#bin, 'git'))
    chmodSync(join(this.#bin, 'git'), 0o755)
  }

  /** Makes everything as it is before a scenario's act. */
  async prepare(name, { prepare = '', drift = '' }) {
    if (!this.#prepared.has('template')) await this.#makeTemplate()
    if (!this.#prepared.has(name)) {
      await this.#restore('template')
      await this.script(prepare)
      await this.#keep(`${name}.undisturbed`)
      await this.script(drift)
      await this.#keep(name)
    }
    await this.#restore(name)
  }

  /** As `prepare`, without the drift. */
  async undisturbed(name) {
    await this.#restore(`${name}.undisturbed`)
  }

  /** Runs a shell script in the repository, as a person would. */
  async script(text) {
    if (text !== '') await run('sh', ['-euc', text], { cwd: this.repo, env: this.#env })
  }

  /** A process that may be hurt: git's are counted, and that of the fault's number is hurt. */
  player(fault = {}) {
    this.#player?.kill()
    rmSync(this.#danger, { recursive: true, force: true })
    mkdirSync(this.#danger)
    const PATH = fault.CRASH_HOW === undefined ? this.#env.PATH : `${this.#bin}${delimiter}${this.#env.PATH}`
    const CRASH_RUN = join(this.#base, fault.CRASH_HOW === undefined ? 'whole' : 'hurt')
    this.#player = new Player({ ...this.#env, ...fault, PATH, CRASH_RUN })
    return this.#player.ready()
  }

  /** Ends what a case that went wrong has left at work, so that it does not disturb the next. */
  async abandon() {
    this.#player?.kill()
    await markedEnded(`CRASH_RUN=${this.#base}/`)
  }

  /** Whether the last process that might be hurt came to the git process at which it was to be hurt. */
  get wasReached() {
    return existsSync(join(this.#danger, 'reached'))
  }

  get danger() {
    return this.#danger
  }

  /** Waits for the git processes that outlived the engines that were hurt. */
  settled() {
    return markedEnded(`CRASH_RUN=${this.#base}/hurt\0`)
  }

  /** Lets an hour pass for the locks that were left: until then somebody might be holding them. */
  age() {
    const then = Date.now() / 1_000 - 3_600
    const git = join(this.repo, '.git')
    for (const name of readdirSync(git, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.lock')) utimesSync(join(git, name), then, then)
  }

  look(states) {
    return look(this.#live, states, this.#env)
  }

  async #makeTemplate() {
    rmSync(this.#live, { recursive: true, force: true })
    mkdirSync(this.#live)
    await run('sh', ['-euc', MAKE_REPOSITORY], { cwd: this.#live, env: this.#env })
    const player = await this.player()
    await player.does({ do: 'open', repo: this.repo, recover: true })
    await player.does({ do: 'furnish', tasks: TASKS })
    await player.does({ do: 'close' })
    await player.end()
    await this.#keep('template')
  }

  async #keep(name) {
    await run('cp', ['-a', '--reflink=auto', this.#live, join(this.#base, `kept-${name}`)])
    this.#prepared.add(name)
  }

  async #restore(name) {
    await run('rm', ['-rf', this.#live])
    await run('cp', ['-a', '--reflink=auto', join(this.#base, `kept-${name}`), this.#live])
  }
}

/** Nothing of the machine's configuration, and the same time for every commit that an agent or a person makes. */
const environment = {
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: '2024-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2024-01-02T03:04:05Z',
}
