/** What git can hold at a path: a file, an executable file, or a symbolic link, whose content is its target. */
export type FileMode = '100644' | '100755' | '120000'

export interface ModelFile {
  readonly mode: FileMode
  readonly content: string
}

/** Files by path, parted by `/`. Never changed in place, so that a tree can be told by its map. */
export type Files = ReadonlyMap<string, ModelFile>

/** Files as they are easily written down: a content alone is that of an ordinary file. */
export type FileList = Readonly<Record<string, string | ModelFile>>

export const NO_FILES: Files = new Map()

export function filesOf(list: FileList): Files {
  return Object.entries(list).reduce<Files>((files, [path, file]) => withFile(files, path, file), NO_FILES)
}

export function fileOf(file: string | ModelFile): ModelFile {
  return typeof file === 'string' ? { mode: '100644', content: file } : file
}

/**
 * The files with one more, or one that is different.
 *
 * @throws {Error} where a directory has to be where a file is, or the other way round
 */
export function withFile(files: Files, path: string, file: string | ModelFile): Files {
  requirePath(path)
  for (const each of files.keys()) {
    if (isInTheWay(each, path)) {
      throw new Error(`${path} and ${each} cannot both be files: one of them would have to be a directory`)
    }
  }
  return new Map(files).set(path, fileOf(file))
}

/** Whether one of two files would have to be a directory for the other to be there. */
export function isInTheWay(one: string, other: string): boolean {
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}

export function withoutFile(files: Files, path: string): Files {
  const rest = new Map(files)
  rest.delete(path)
  return rest
}

export function isSameFile(one: ModelFile | undefined, other: ModelFile | undefined): boolean {
  return one?.mode === other?.mode && one?.content === other?.content
}

/** Files as they are easily read: the content, after the mode where that is not an ordinary file's. */
export function listOf(files: Files): Record<string, string> {
  const paths = [...files].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(
    paths.map(([path, { mode, content }]) => [path, mode === '100644' ? content : `${mode} ${content}`]),
  )
}

function requirePath(path: string): void {
  const isPath = path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part !== '.git')
  if (!isPath) throw new Error(`${JSON.stringify(path)} is no path that git would hold`)
}
