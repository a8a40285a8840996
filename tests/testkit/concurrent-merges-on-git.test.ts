import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { MergeStrategy, RecordedFact } from '@coppice/core'
import { assertLinearizable, register, type Operation, type RegisterCall } from '@coppice/testkit'
import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { coppice, startCoppice } from '../helpers/coppice-command.js'
import type { TestRepository } from '../helpers/repository.js'
import { makeBareRepository } from './helpers/bare-repository.js'
import { landingsIn, type Wanted } from './helpers/landings.js'

const COMMITS = 5
const READS = 15
const PAUSE_MS = 60

const now = (): number => performance.now()

/** What somebody asks of the base branch with plain git, while others merge. */
class Person {
  readonly operations: Operation<RegisterCall>[] = []

  constructor(private readonly repository: TestRepository) {}

  async read(): Promise<string> {
    const invoked = now()
    const value = await this.#git('rev-parse', 'refs/heads/main')
    this.operations.push({ call: { do: 'read', value }, invoked, answered: now() })
    return value
  }

  /** Commits on top of what was read, unless somebody was faster. */
  async commit(message: string): Promise<void> {
    const from = await this.read()
    const to = await this.#git('commit-tree', `${from}^{tree}`, '-p', from, '-m', message)
    const invoked = now()
    const isDone = await this.#git('update-ref', 'refs/heads/main', to, from).then(
      () => true,
      () => false,
    )
    this.operations.push({ call: { do: 'swap', from, to, isDone }, invoked, answered: now() })
  }

  async #git(...args: readonly string[]): Promise<string> {
    const { path, env } = this.repository
    return (await promisify(execFile)('git', args, { cwd: path, env })).stdout.trim()
  }
}

/** So many times, with pauses between. */
async function often(times: number, act: (number: number) => Promise<unknown>): Promise<void> {
  for (let number = 1; number <= times; number++) {
    await sleep(PAUSE_MS)
    await act(number)
  }
}

const MERGED: readonly MergeStrategy[] = ['merge', 'squash', 'rebase']

test(
  'processes that merge at once, one of them killed, move a real base as if one came after the other',
  { timeout: 90_000 },
  async () => {
    const repository = makeBareRepository(false)
    useEnvironment(repository.env)
    const begin = repository.git('rev-parse', 'refs/heads/main')
    const before = await openCoppice({ repo: repository.path })
    for (const id of [...MERGED, 'killed']) {
      const { path } = await before.create({ id, base: 'main' })
      writeFileSync(join(path, `of-${id}`), `${id}\n`)
    }
    await before.close()

    const wanted: Wanted[] = [{ task: 'killed', invoked: now(), merged: null }]
    const merge = async (strategy: MergeStrategy): Promise<void> => {
      const invoked = now()
      const { code } = await coppice(repository, [
        'merge',
        strategy,
        '--strategy',
        strategy,
        '--verify',
        'true',
      ])
      wanted.push({ task: strategy, invoked, merged: code === 0 ? now() : null })
    }
    const victim = startCoppice(repository, ['merge', 'killed'])
    const merges = MERGED.map(merge)
    void Promise.race(merges).then(() => victim.child.kill('SIGKILL'))
    const person = new Person(repository)
    await Promise.all([
      ...merges,
      victim.ended,
      often(COMMITS, (number) => person.commit(`${number}`)),
      often(READS, () => person.read()),
    ])

    const after = await openCoppice({ repo: repository.path })
    await person.read()
    const facts: RecordedFact[] = []
    for await (const fact of after.events()) facts.push(fact)
    await after.close()
    const landings = landingsIn(facts, wanted)
    expect(landings.filter(({ answered }) => answered !== null)).toHaveLength(MERGED.length)
    assertLinearizable([...person.operations, ...landings], register(begin))
    const files = repository.git('ls-tree', '--name-only', 'refs/heads/main').split('\n')
    expect(files).toEqual(expect.arrayContaining(MERGED.map((id) => `of-${id}`)))
  },
)
