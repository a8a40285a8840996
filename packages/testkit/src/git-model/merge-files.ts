import { isSameFile, type Files, type FileMode, type ModelFile } from './files.js'

export interface MergedFiles {
  readonly files: Files
  /** Paths in conflict, sorted; they are in the files as one of the sides has them. */
  readonly conflicts: readonly string[]
}

/**
 * A three-way merge, path by path. The model knows no lines and no renames: what both sides changed differently is a
 * conflict, also where git could merge it line by line. Where two things cannot both have a name, that is a conflict of
 * the name, though git puts one of them aside under another one.
 */
export function mergeFiles(base: Files, ours: Files, theirs: Files): MergedFiles {
  const merged = new Map<string, ModelFile>()
  const conflicts = new Set<string>()
  for (const path of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const result = mergeFile(base.get(path), ours.get(path), theirs.get(path))
    if (result.file !== undefined) merged.set(path, result.file)
    if (!result.clean) conflicts.add(path)
  }
  for (const path of inTheWay(merged)) conflicts.add(path)
  return { files: merged, conflicts: [...conflicts].toSorted() }
}

interface MergedFile {
  readonly clean: boolean
  readonly file: ModelFile | undefined
}

function mergeFile(
  base: ModelFile | undefined,
  ours: ModelFile | undefined,
  theirs: ModelFile | undefined,
): MergedFile {
  if (isSameFile(ours, theirs) || isSameFile(base, theirs)) return { clean: true, file: ours }
  if (isSameFile(base, ours)) return { clean: true, file: theirs }
  if (ours === undefined || theirs === undefined || isLink(ours) !== isLink(theirs)) {
    return { clean: false, file: ours ?? theirs }
  }
  const content = mergeValue(base?.content, ours.content, theirs.content)
  const mode = mergeValue<FileMode>(base?.mode, ours.mode, theirs.mode)
  return {
    clean: content !== null && mode !== null,
    file: { mode: mode ?? ours.mode, content: content ?? ours.content },
  }
}

/** What both sides agree on, or what the one that changed it says; null where both changed it differently. */
function mergeValue<T>(base: T | undefined, ours: T, theirs: T): T | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}

function isLink({ mode }: ModelFile): boolean {
  return mode === '120000'
}

/** Files that stand where others need a directory. */
function inTheWay(files: Files): readonly string[] {
  const found = new Set<string>()
  for (const path of files.keys()) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (files.has(path.slice(0, slash))) found.add(path.slice(0, slash))
    }
  }
  return [...found]
}
