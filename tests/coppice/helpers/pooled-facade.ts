import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type Coppice, type OpenOptions } from 'coppice'
import { onTestFinished, vi } from 'vitest'
import { useEnvironment } from '../../git-adapter/helpers/environment.js'
import { fakeGit } from '../../git-adapter/helpers/fake-git.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** Long enough for git processes to be seen that should not be. */
export const A_WHILE_MS = 1_500

export async function opened(
  repository: TestRepository,
  options: Partial<OpenOptions> = {},
): Promise<Coppice> {
  useEnvironment(repository.env)
  const coppice = await openCoppice({ repo: repository.path, ...options })
  onTestFinished(() => coppice.close())
  return coppice
}

/** All that there is of ready worktrees. */
export function leftIn({ path }: TestRepository): string[] {
  const places = [join(path, '.git/coppice/pool'), join(`${path}.worktrees`, '.pool')]
  return places.filter((place) => existsSync(place)).flatMap((place) => readdirSync(place))
}

/** From here on notes every git process of this test's. */
export function noteGit({ scratch }: TestRepository): () => string[] {
  const file = join(scratch, 'noted')
  writeFileSync(file, '')
  vi.stubEnv('PATH', fakeGit(scratch, `echo "$@" >> '${file}'; exec git "$@"`))
  return () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** A repository in which a ready worktree is never finished; the process that keeps it says its number in a file. */
export function neverFilled(): { readonly repository: TestRepository; readonly pid: string } {
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

export async function begun(pid: string): Promise<string> {
  await eventually(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'))
  return readFileSync(pid, 'utf8').trim()
}
