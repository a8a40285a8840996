import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { withIndexFile } from '../capture/index-slot.js'
import { lookAt } from '../files/look.js'
import { joinNul, splitNul } from '../git/nul.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { readHead } from '../repository/head.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { gitAsideOf } from './aside.js'

/**
 * Makes the index of a worktree anew where it names objects that are lost, or cannot be read. Whatever else it says stays in
 * it, and what it was is kept; the new one takes its place in one step.
 */
export async function mendIndex(site: Site, gitDir: string): Promise<void> {
  const indexFile = join(gitDir, 'index')
  // Git would wait for a pipe.
  if ((await lookAt(indexFile))?.isFile() !== true) return
  await withIndexFile(site, async (file) => {
    // Only the worktree's own git directory has the parts of a split index that are in another file.
    const draft = { gitDir, indexFile: file }
    await copyFile(indexFile, file)
    const entries = await entriesOf(site, draft)
    if (entries?.every(({ isLost }) => !isLost) === true) return
    if (entries === null) {
      const head = await readHead(gitDir)
      const args = [...WHOLE, 'read-tree', '--reset', `${head?.revision ?? 'HEAD'}^{tree}`]
      const place = { gitDir, indexFile: `${file}.new` }
      if ((await git(place, { args, answers: [128] })).exitCode !== 0) return
      return replace(site, indexFile, `${file}.new`)
    }
    await drop(draft, entries)
    await replace(site, indexFile, file)
  })
}

async function replace(site: Site, indexFile: string, by: string): Promise<void> {
  const aside = gitAsideOf(site)
  await mkdir(aside, { recursive: true })
  await copyFile(indexFile, join(aside, `index~${randomUUID()}`))
  await copyFile(by, `${indexFile}.new`)
  await rename(`${indexFile}.new`, indexFile)
}

/** Has git write an index out in full, in one file. */
const WHOLE = ['-c', 'core.splitIndex=false', '-c', 'index.sparse=false']

interface Entry {
  readonly path: Buffer
  readonly oid: string
  /** As `update-index --index-info` reads it. */
  readonly line: Buffer
  readonly isLost: boolean
}

/** Has an index forget each path of which something is lost, and then put back what there is, as the sides of a conflict. */
async function drop(place: Place, entries: readonly Entry[]): Promise<void> {
  await git(place, { args: [...WHOLE, 'update-index', '--no-split-index', '--force-write-index'] })
  const lost = new Map(entries.flatMap((entry) => (entry.isLost ? [[keyOf(entry), entry]] : [])))
  const removals = [...lost.values()].map(({ path, oid }) =>
    Buffer.concat([Buffer.from(`0 ${'0'.repeat(oid.length)}\t`), path]),
  )
  const kept = entries.filter((entry) => !entry.isLost && lost.has(keyOf(entry))).map(({ line }) => line)
  const input = joinNul([...removals, ...kept])
  await git(place, { args: [...WHOLE, 'update-index', '-z', '--index-info'], input })
}

function keyOf({ path }: Entry): string {
  return path.toString('latin1')
}

/** As `ls-files -t --stage` prints an entry: `S` for one that a sparse checkout leaves out. */
const ENTRY = /^(.) (\d+) ([0-9a-f]+) \d\t/

/** What an index names, or null where git cannot read it. */
async function entriesOf(site: Site, place: Place): Promise<readonly Entry[] | null> {
  const args = ['ls-files', '-t', '--stage', '-z']
  const { exitCode, stdout } = await git(place, { args, answers: [128] })
  if (exitCode !== 0) return null
  const lines = splitNul(stdout)
  if (lines.length === 0) return []
  const parsed = lines.map((line) => {
    const [head = '', tag, mode, oid = ''] = ENTRY.exec(line.toString('latin1')) ?? []
    // A submodule's commit is in a repository of its own; what a partial clone leaves out may not have been fetched yet.
    const isElsewhere = mode === '160000' || (tag === 'S' && site.repository.isPartial)
    return { path: line.subarray(head.length), oid, line: line.subarray('H '.length), isElsewhere }
  })
  const store = { ...(await privateGit(site, 'raw')), isPartial: false }
  const oids = parsed.map(({ oid }) => oid)
  const found = await resolve(store, oids)
  return parsed.map(({ path, oid, line, isElsewhere }, index) => {
    return { path, oid, line, isLost: found[index] === null && !isElsewhere }
  })
}
