import { mkdir, rm } from 'node:fs/promises'
import { joinNul, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git, gitLine } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { filteredPaths } from './converted.js'
import { withIndexFile } from './index-slot.js'

/** The tree that a commit of everything would have, and the paths whose content only a filter of the user's could tell. */
export interface Committable {
  readonly tree: string
  readonly filtered: readonly string[]
}

/** A path that the files have otherwise than the index. */
interface Difference {
  readonly mode: string
  readonly oid: string
  readonly path: Buffer
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
  if (tree === index) return { tree, filtered: [] }
  const { repository } = site
  const store = await privateGit(site, 'raw')
  const differences = await differencesOf(store, index, tree)
  return withIndexFile(site, async (indexFile) => {
    const raw = { ...store, indexFile }
    await git(raw, { args: ['read-tree', tree] }, signal)
    const files = differences.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path)
    const place = { ...(await privateGit(site, 'plain')), indexFile }
    const normal = repository.convertsLineEnds ? files : await attributed(place, files)
    if (normal.length === 0) return { tree, filtered: [] }
    const workTree = `${indexFile}.files`
    try {
      await mkdir(workTree)
      await git(
        { ...raw, workTree },
        { args: ['checkout-index', '-z', '--stdin'], input: joinNul(normal) },
        signal,
      )
      await git(raw, { args: ['read-tree', index] }, signal)
      const input = changeInfo(differences, new Set(normal.map(key)))
      await git(raw, { args: ['update-index', '-z', '--index-info'], input }, signal)
      const args = ['update-index', '-z', '--add', '--replace', '--stdin']
      await git({ ...place, workTree }, { args, input: joinNul(normal) }, signal)
      const filtered = await filteredPaths(site, { workTree, indexFile }, normal)
      return { tree: await gitLine(place, { args: ['write-tree'] }), filtered: [...filtered] }
    } finally {
      await rm(workTree, { recursive: true, force: true })
    }
  })
}

function key(path: Buffer): string {
  return path.toString('latin1')
}

const DELETED = '000000'

async function differencesOf(place: Place, from: string, to: string): Promise<readonly Difference[]> {
  const { stdout } = await git(place, { args: ['diff-tree', '-r', '-z', '--no-renames', from, to] })
  const fields = splitNul(stdout)
  const found: Difference[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , oid = ''] = fields[at]?.toString('latin1').split(' ') ?? []
    found.push({ mode, oid, path: fields[at + 1] ?? Buffer.alloc(0) })
  }
  return found
}

/** The lines that bring an index from the one tree to the other; deletions first, for they make room for directories. */
function changeInfo(differences: readonly Difference[], but: ReadonlySet<string>): Buffer {
  const deleted = differences.filter(({ mode }) => mode === DELETED)
  const written = differences.filter(({ mode, path }) => mode !== DELETED && !but.has(key(path)))
  const line = (mode: string, { oid, path }: Difference): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${oid}\t`), path])
  return joinNul([...deleted.map((each) => line('0', each)), ...written.map((each) => line(each.mode, each))])
}

const CONVERTING = ['text', 'eol', 'ident', 'working-tree-encoding', 'filter', 'crlf']

/** Those of some paths that attributes of the indexed tree have git convert. */
async function attributed(place: Place, paths: readonly Buffer[]): Promise<readonly Buffer[]> {
  if (paths.length === 0) return []
  const args = ['check-attr', '--cached', '-z', '--stdin', ...CONVERTING]
  const { stdout } = await git(place, { args, input: joinNul(paths) })
  const fields = splitNul(stdout).map(key)
  const found = new Set<string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (fields[at + 2] !== 'unspecified') found.add(fields[at] ?? '')
  }
  return paths.filter((path) => found.has(key(path)))
}
