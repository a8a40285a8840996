import { filesOf, type Files, type ModelFile } from '@coppice/testkit'
import fc from 'fast-check'

const PATHS = ['a', 'b', 'dir/a', 'dir/b', 'dir/deep/a', 'link', 'dir.x', 'Ü']

/** So few contents and paths that the sides of a merge often agree, and often do not. */
const file: fc.Arbitrary<ModelFile> = fc.record({
  mode: fc.constantFrom('100644', '100644', '100755', '120000'),
  content: fc.constantFrom('one', 'two', 'three'),
})

/** No two paths ever have one content, for git would take that for a rename. */
function ownFile(path: string, { mode, content }: ModelFile): ModelFile {
  return { mode, content: `${content} of ${path}` }
}

export const arbitraryFiles: fc.Arbitrary<Files> = fc
  .dictionary(fc.constantFrom(...PATHS), file, { noNullPrototype: true })
  .map((list) =>
    filesOf(Object.fromEntries(Object.entries(list).map(([path, each]) => [path, ownFile(path, each)]))),
  )

/** Files that differ from others in some places. */
export function changedFiles(files: Files): fc.Arbitrary<Files> {
  const change = fc.option(file, { nil: null, freq: 2 })
  return fc.dictionary(fc.constantFrom(...PATHS), change, { noNullPrototype: true }).map((changes) => {
    const changed = new Map(files)
    for (const [path, now] of Object.entries(changes)) {
      if (now === null) changed.delete(path)
      else changed.set(path, ownFile(path, now))
    }
    return changed
  })
}
