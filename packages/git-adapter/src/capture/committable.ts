import { mkdir, rm } from 'node:fs/promises'
import { differencesOf, type Difference } from '../git/differences.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { writeTree } from '../git/objects.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { filteredPaths, untouchedPaths } from './filtered.js'
import { withIndexFile } from './index-slot.js'

/** The tree that a commit of everything would have, and the paths whose content only a filter of the user's could tell. */
export interface Committable {
  readonly tree: string
  readonly filtered: readonly string[]
  /** Why git would not commit the files as attributes want them, and the tree has them as they are; or null. */
  readonly refusal: string | null
}

/**
 * What `git add --all` would make of a checkpoint's files. A checkpoint holds them byte for byte; a commit holds them
 * as attributes want them, with line ends normalised. Git does that itself, on files of its own: attributes come from
 * the checkpoint, but no filter is run, for an agent chooses them.
 */
export async function committable(
  site: Site,
  { tree, index }: { readonly tree: string; readonly index: string },
  signal?: AbortSignal,
): Promise<Committable> {
  if (tree === index) return { tree, filtered: [], refusal: null }
  const { repository } = site
  const store = await privateGit(site, 'raw')
  const differences = await differencesOf(store, index, tree)
  return withIndexFile(site, async (indexFile) => {
    const raw = { ...store, indexFile }
    await git(raw, { args: ['read-tree', tree] }, signal)
    const files = differences.filter(({ to }) => to?.mode.startsWith('100') === true).map(({ path }) => path)
    const place = { ...(await privateGit(site, 'plain')), indexFile }
    const normal = repository.convertsLineEnds ? files : await attributed(place, files)
    if (normal.length === 0) return { tree, filtered: [], refusal: null }
    const workTree = `${indexFile}.files`
    try {
      await mkdir(workTree)
      await git(
        { ...raw, workTree },
        { args: ['checkout-index', '-z', '--stdin'], input: joinNul(normal) },
        signal,
      )
      await git(raw, { args: ['read-tree', index] }, signal)
      const input = changeInfo(differences, new Set(normal.map(keyOf)))
      await git(raw, { args: ['update-index', '-z', '--index-info'], input }, signal)
      const args = ['update-index', '-z', '--add', '--replace', '--stdin']
      const command = { args, input: joinNul(normal), answers: [128] }
      const added = await git({ ...place, workTree }, command, signal)
      if (added.exitCode !== 0) return { tree, filtered: [], refusal: added.stderr.trim() }
      const filtered = await filteredPaths(site, { workTree, indexFile }, normal)
      await checkOutAttributes({ ...raw, workTree })
      const own = differences.filter(({ path }) => filtered.has(keyOf(path)))
      const untouched = await untouchedPaths(repository.place, { workTree, indexFile }, own)
      const back = changeInfo(
        untouched.map(({ path, from, to }) => ({ path, from: to, to: from })),
        new Set(),
      )
      await git(raw, { args: ['update-index', '-z', '--index-info'], input: back }, signal)
      for (const { path } of untouched) filtered.delete(keyOf(path))
      const normalised = await writeTree(place)
      return { tree: normalised, filtered: [...filtered], refusal: null }
    } finally {
      await rm(workTree, { recursive: true, force: true })
    }
  })
}

/** Filters are looked for in files of the work tree. */
async function checkOutAttributes(place: Place): Promise<void> {
  const { stdout } = await git(place, {
    args: ['ls-files', '-z', '--', '.gitattributes', '*/.gitattributes'],
  })
  await git(place, { args: ['checkout-index', '--force', '-z', '--stdin'], input: stdout })
}

/** The lines that bring an index from the one tree to the other; deletions first, for they make room for directories. */
function changeInfo(differences: readonly Difference[], but: ReadonlySet<string>): Buffer {
  const deleted = differences.filter(({ to }) => to === null)
  const written = differences.filter(({ to, path }) => to !== null && !but.has(keyOf(path)))
  const lines = [...deleted, ...written].map(({ path, from, to }) => {
    const head = to === null ? `0 ${'0'.repeat(from?.oid.length ?? 0)}` : `${to.mode} ${to.oid}`
    return Buffer.concat([Buffer.from(`${head}\t`), path])
  })
  return joinNul(lines)
}

const CONVERTING = ['text', 'eol', 'ident', 'working-tree-encoding', 'filter', 'crlf']

/** Those of some paths that attributes of the indexed tree have git convert. */
async function attributed(place: Place, paths: readonly Buffer[]): Promise<readonly Buffer[]> {
  if (paths.length === 0) return []
  const args = ['check-attr', '--cached', '-z', '--stdin', ...CONVERTING]
  const { stdout } = await git(place, { args, input: joinNul(paths) })
  const fields = splitNul(stdout).map(keyOf)
  const found = new Set<string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (fields[at + 2] !== 'unspecified') found.add(fields[at] ?? '')
  }
  return paths.filter((path) => found.has(keyOf(path)))
}
