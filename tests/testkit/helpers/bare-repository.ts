import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { makeRepository, makeScratch, type TestRepository } from '../../helpers/repository.js'

interface Template {
  readonly directory: string
  readonly made: TestRepository
}

/** What every repository begins as, with commits and without: making one takes git many processes, and copying it none. */
const templates = new Map<boolean, Template>()

afterAll(() => {
  for (const { directory } of templates.values()) rmSync(directory, { recursive: true })
  templates.clear()
})

/** A bare repository in a directory of its own, removed when the test ends. */
export function makeBareRepository(empty: boolean): TestRepository {
  const { directory, made } = templates.get(empty) ?? makeTemplate(empty)
  const scratch = makeScratch()
  const path = join(scratch, 'repo.git')
  cpSync(directory, path, { recursive: true })
  const env = { ...made.env, HOME: scratch }
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: 'pipe' }).trim()
  return { ...made, scratch, path, env, git }
}

function makeTemplate(empty: boolean): Template {
  const made = makeRepository({ bare: true, empty })
  const directory = mkdtempSync(join(tmpdir(), 'coppice-template-'))
  cpSync(made.path, directory, { recursive: true })
  const template = { directory, made }
  templates.set(empty, template)
  return template
}
