import type { Files } from '@coppice/testkit'
import type { TestRepository } from '../../helpers/repository.js'
import { gitWithOwnIndex } from './own-index.js'

/** Has git write files as a tree, and answers with its id. */
export function writeTree(repository: TestRepository, files: Files): string {
  const run = gitWithOwnIndex(repository)
  const lines = [...files].map(([name, { mode, content }]) => {
    const oid = run(['hash-object', '-w', '--stdin'], content)
    return `${mode} ${oid}\t${name}\0`
  })
  run(['update-index', '--add', '-z', '--index-info'], lines.join(''))
  return run(['write-tree'])
}
