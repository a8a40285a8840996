import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import { keepFromBlocking } from '../process/unblock.js'
import { gitEnvironment } from './environment.js'
import { variablesOf, type Place } from './place.js'
import { startGit } from './run.js'

/** What is told of an object, in a line. */
export const OBJECT_FORMAT = '%(objectname) %(objectsize)'

/**
 * Milliseconds that one process is asked. It keeps packs open that somebody may have deleted since, so what it says must not be
 * older than what a process of its own may be whose answer one works with.
 */
const LIFETIME_MS = 2_000

interface Question {
  readonly count: number
  readonly answers: string[]
  readonly tell: (answers: readonly string[] | null) => void
}

/**
 * A git process that tells of one object after the other, for to start one takes longer than to answer. It keeps no engine
 * alive, and ends with it.
 */
class ObjectReader {
  readonly #place: Place
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting: Question[] = []
  readonly #end = performance.now() + LIFETIME_MS
  #rest = ''

  constructor(place: Place) {
    this.#place = place
    this.#child = startGit(place, ['cat-file', '--buffer', `--batch-command=${OBJECT_FORMAT}`])
    this.#child.on('error', () => this.#over())
    this.#child.on('close', () => this.#over())
    this.#child.stdin.on('error', () => undefined)
    this.#child.stderr.resume()
    this.#child.stdout.setEncoding('latin1').on('data', (text: string) => this.#read(text))
    setTimeout(() => this.#child.stdin.end(), LIFETIME_MS).unref()
    this.#keepAlive(false)
  }

  get isFresh(): boolean {
    const isAsked = performance.now() < this.#end && this.#child.stdin.writable
    return isAsked && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** A line for each revision; null where the process has ended before it had answered all. */
  async ask(revisions: readonly string[]): Promise<readonly string[] | null> {
    const keeper = keepFromBlocking(this.#place)
    this.#keepAlive(true)
    try {
      return await new Promise((tell) => {
        this.#waiting.push({ count: revisions.length, answers: [], tell })
        this.#child.stdin.write(`${revisions.map((revision) => `info ${revision}\n`).join('')}flush\n`)
      })
    } finally {
      keeper.stop()
      if (this.#waiting.length === 0) this.#keepAlive(false)
    }
  }

  #read(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const question = this.#waiting[0]
      if (question === undefined) continue
      question.answers.push(line)
      if (question.answers.length < question.count) continue
      this.#waiting.shift()
      question.tell(question.answers)
    }
  }

  #over(): void {
    for (const { tell } of this.#waiting.splice(0)) tell(null)
  }

  /** Whether this process waits for the other one before it ends. */
  #keepAlive(isNeeded: boolean): void {
    const { stdin, stdout, stderr } = this.#child
    const handles = [this.#child, ...[stdin, stdout, stderr].map((stream) => stream as unknown as Socket)]
    for (const handle of handles) {
      if (isNeeded) handle.ref()
      else handle.unref()
    }
  }
}

const readers = new Map<string, ObjectReader>()

/**
 * A line of `OBJECT_FORMAT` for each revision, in their order; null where git has to be asked apart: where it fails, to say why, and
 * at a worktree, which must not have a process in it, and of which there are many.
 */
export async function readObjects(
  place: Place,
  revisions: readonly string[],
): Promise<readonly string[] | null> {
  // Questions are lines.
  if (revisions.some((revision) => revision.includes('\n'))) return null
  if (
    place.workTree !== undefined ||
    place.indexFile !== undefined ||
    basename(dirname(place.gitDir)) === 'worktrees'
  )
    return null
  const key = JSON.stringify(gitEnvironment(variablesOf(place)))
  const current = readers.get(key)
  if (current?.isFresh === true) return current.ask(revisions)
  const next = new ObjectReader(place)
  readers.set(key, next)
  return next.ask(revisions)
}
