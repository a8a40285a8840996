import { isInTheWay, isSameFile, type Files, type ModelFile } from './files.js'

/** A checkout's index and files. */
export interface CheckoutContent {
  readonly index: Files
  readonly files: Files
}

export type CarriedOver =
  | { readonly kind: 'carried'; readonly content: CheckoutContent }
  | { readonly kind: 'in-the-way'; readonly paths: readonly string[] }

/**
 * Takes a checkout from one commit's files to another's, as `git switch` and a fast-forward do. Of what differs between
 * the two, whatever is staged as the second has it already stays as it is; all else has to be as the first has it. Changes
 * of what does not differ are carried over.
 */
export function carryOver({ index, files }: CheckoutContent, from: Files, to: Files): CarriedOver {
  const differing = [...new Set([...from.keys(), ...to.keys()])].filter(
    (path) => !isSameFile(from.get(path), to.get(path)) && !isSameFile(index.get(path), to.get(path)),
  )
  const paths = differing.filter(
    (path) =>
      !isSameFile(index.get(path), from.get(path)) ||
      !isSameFile(files.get(path), from.get(path)) ||
      isBlocked(files, from, path),
  )
  if (paths.length > 0) return { kind: 'in-the-way', paths: paths.toSorted() }
  return {
    kind: 'carried',
    content: { index: changed(index, differing, to), files: changed(files, differing, to) },
  }
}

function changed(files: Files, paths: readonly string[], to: Files): Files {
  const all = new Map<string, ModelFile>(files)
  for (const path of paths) {
    const file = to.get(path)
    if (file === undefined) all.delete(path)
    else all.set(path, file)
  }
  return all
}

/** Whether a file that the commit does not know of would have to become a directory, or the other way round. */
function isBlocked(files: Files, from: Files, path: string): boolean {
  return [...files.keys()].some((each) => !from.has(each) && isInTheWay(each, path))
}
