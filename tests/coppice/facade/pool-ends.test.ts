import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openCoppice, type Coppice, type OpenOptions } from 'coppice'
import { expect, onTestFinished, test, vi } from 'vitest'
import { useEnvironment } from '../../git-adapter/helpers/environment.js'
import { fakeGit } from '../../git-adapter/helpers/fake-git.js'
import { isRunning } from '../../git-adapter/helpers/processes.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** Long enough for git processes to be seen that should not be. */
const A_WHILE_MS = 1_500

async function opened(repository: TestRepository, options: Partial<OpenOptions> = {}): Promise<Coppice> {
  useEnvironment(repository.env)
  const coppice = await openCoppice({ repo: repository.path, ...options })
  onTestFinished(() => coppice.close())
  return coppice
}

/** All that there is of ready worktrees. */
function leftIn({ path }: TestRepository): string[] {
  const places = [join(path, '.git/coppice/pool'), join(`${path}.worktrees`, '.pool')]
  return places.filter((place) => existsSync(place)).flatMap((place) => readdirSync(place))
}

/** From here on notes every git process of this test's. */
function noteGit({ scratch }: TestRepository): () => string[] {
  const file = join(scratch, 'noted')
  writeFileSync(file, '')
  vi.stubEnv('PATH', fakeGit(scratch, `echo "$@" >> '${file}'; exec git "$@"`))
  return () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

test('with a size of 0, a new task costs no git process after it was made', async () => {
  const repository = makeRepository()
  const coppice = await opened(repository, { poolSize: 0 })
  const noted = noteGit(repository)
  await coppice.create({ id: 'first' })
  const made = noted().length
  await delay(A_WHILE_MS)
  expect(noted().slice(made)).toEqual([])
})

/** A repository in which a ready worktree is never finished; the process that keeps it says its number in a file. */

function neverFilled(): { readonly repository: TestRepository; readonly pid: string } {
  const repository = makeRepository()
  const pid = join(repository.scratch, 'pid')
  repository.commit('.gitattributes', 'src/numbers.txt filter=ours\n')
  const script = join(repository.scratch, 'filter.sh')
  writeFileSync(
    script,
    `case "$(git rev-parse --git-dir)" in *coppice/pool*) echo $$ > '${pid}'; sleep 1000;; esac\ncat\n`,
  )
  repository.git('config', 'filter.ours.smudge', `sh '${script}'`)
  return { repository, pid }
}

async function begun(pid: string): Promise<string> {
  await eventually(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'))
  return readFileSync(pid, 'utf8').trim()
}

test('ends one that was asked for with a signal of its own, and nothing is left of it', async () => {
  const { repository, pid } = neverFilled()
  const coppice = await opened(repository, { poolSize: 1 })
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const filling = coppice.fillPool({ signal: controller.signal }).catch(() => null)
  const running = await begun(pid)
  await coppice.close()
  expect(isRunning(running)).toBe(false)
  await filling
  expect(leftIn(repository)).toEqual([])
}, 20_000)

test('takes another size though the configuration says it twice', async () => {
  const repository = makeRepository()
  appendFileSync(join(repository.path, '.git/config'), '[coppice]\n\tpoolSize = 1\n\tpoolSize = 3\n')
  const coppice = await opened(repository)
  expect(await coppice.pool()).toMatchObject({ size: 3 })
  await coppice.resizePool(2)
  expect(await (await opened(repository)).pool()).toMatchObject({ size: 2 })
})
