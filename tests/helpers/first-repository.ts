import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { init, openAt } from './open-repository.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the repository that tests copy theirs from. */
    firstRepository: string
  }
}

/** Makes, once for all tests, the repository that most of them begin with: a dozen commands of git less for each. */
export function setup(project: TestProject): () => void {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-first-')))
  const repository = openAt(scratch, join(scratch, 'repo'))
  init(repository)
  repository.commit('README.md', '# A project\n', 'begin')
  repository.commit('src/greeting.txt', 'hello\nworld\n', 'greet')
  repository.commit('src/numbers.txt', 'one\ntwo\nthree\n', 'count')
  project.provide('firstRepository', repository.path)
  return () => rmSync(scratch, { recursive: true })
}
