import { mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { withLock } from '@coppice/core'
import { lookAt, namesIn, readText, unless } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { configured, type Place } from '../git/place.js'
import { syncFileSystems } from '../git/sync.js'
import type { Site, Workshop } from '../site.js'
import type { Repository } from './repository.js'
import type { Settings } from './settings.js'

/**
 * `raw` takes files byte for byte, whatever attributes say: no filter runs, no line end changes.
 * `plain` has the attributes that the user's git has: for merges, differences, and what a commit would hold.
 */
export type PrivateKind = 'raw' | 'plain'

const KINDS: readonly PrivateKind[] = ['raw', 'plain']

const BYTE_FOR_BYTE = '* -text -filter -ident -working-tree-encoding -eol -merge -diff\n'

/** Held while one is made. */
const LOCK = 'private-git'

const DRAFT = '.draft'

/**
 * A git directory that is the engine's own, over the repository's object store. An agent can rewrite its worktree's
 * configuration, but nothing here; so no filter, hook, monitor or driver that it planted is run when its files are
 * read. Made when first needed. It holds nothing that the user may change later: what git is configured to do goes with
 * each command, and nothing else of any configuration counts, so that no filter or driver of the user's is known either.
 */
export async function privateGit(site: Site, kind: PrivateKind): Promise<Place> {
  const { repository, locks, workshop } = site
  const { objects, alternates } = workshop
  const { isPartial, commonDir } = repository
  const gitDir = join(directoryOf(workshop), kind)
  const content = contentOf(repository, kind)
  if (!(await isWhole(gitDir, content))) {
    await withLock(locks, LOCK, undefined, async () => {
      if (!(await isWhole(gitDir, content))) await make(gitDir, content)
    })
  }
  const variables = {
    // Where the history of a shallow clone ends is told by a file of the repository's.
    GIT_SHALLOW_FILE: join(commonDir, 'shallow'),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const place = { gitDir, objects, isPartial, variables, ...(alternates === null ? {} : { alternates }) }
  // What is written by way of it is synced as a whole before anything names it, which takes less than to sync each object.
  const written = kind === 'raw' ? configured(place, 'core.fsync', 'reference') : place
  const settings = kind === 'raw' ? await settingsForFiles(site) : repository.settings.values
  return [...settings].reduce<Place>((each, [key, value]) => configured(each, key, value), written)
}

/**
 * Which files are ignored is the user's to say. What can be told of a file is not: links and executable bits are taken as
 * they are, and names that differ in case are two, where the file system has them so, whatever the repository was told.
 */
async function settingsForFiles({ repository, worktreesDir }: Site): Promise<ReadonlyMap<string, string>> {
  const values = new Map([['core.ignorecase', String(await ignoresCase(worktreesDir))]])
  for (const key of ['core.excludesfile', 'core.precomposeunicode']) {
    const value = repository.settings.values.get(key)
    if (value !== undefined) values.set(key, value)
  }
  return values
}

/** Whether the file system finds a directory by its name in the other case, too. */
async function ignoresCase(directory: string): Promise<boolean> {
  const name = basename(directory)
  const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase()
  const [one, two] = await Promise.all([name, other].map((each) => lookAt(join(dirname(directory), each))))
  return name !== other && one != null && one.ino === two?.ino && one.dev === two.dev
}

/** Deletes what a killed process had begun to make, unless somebody makes one just now. */
export async function sweepDrafts({ locks, workshop }: Site): Promise<void> {
  const directory = directoryOf(workshop)
  const isLeft = async (): Promise<boolean> => (await namesIn(directory)).some((name) => name.endsWith(DRAFT))
  const lock = (await isLeft()) ? await locks.tryAcquire(LOCK) : null
  if (lock === null) return
  try {
    for (const kind of KINDS) await removeTree(join(directory, `${kind}${DRAFT}`))
  } finally {
    await lock.release()
  }
}

function directoryOf({ directory }: Workshop): string {
  return join(directory, 'git')
}

/** The files of a private git directory, and its links, by their paths in it. */
interface Content {
  readonly files: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, string>>
}

/** The repository's own exclusions count here too, and where attributes count its own attributes, also when they change later. */
function contentOf({ commonDir, settings }: Repository, kind: PrivateKind): Content {
  const files = { HEAD: 'ref: refs/heads/none\n', config: configuration(settings) }
  const exclude = { 'info/exclude': join(commonDir, 'info', 'exclude') }
  return kind === 'raw'
    ? { files: { ...files, 'info/attributes': BYTE_FOR_BYTE }, links: exclude }
    : { files, links: { ...exclude, 'info/attributes': join(commonDir, 'info', 'attributes') } }
}

/**
 * With sparseCheckout git looks at a file that is there although the index says to skip it. Larger files than the threshold
 * go through it in pieces instead of being held in memory.
 */
function configuration({ objectFormat }: Settings): string {
  return `[core]
\trepositoryformatversion = 1
\tbare = false
\tsparseCheckout = true
\tbigFileThreshold = 64m
[extensions]
\tobjectFormat = ${objectFormat}
`
}

/** A disk that fails, or is full, or a person can have taken something out of what was made whole; another version made another. */
async function isWhole(gitDir: string, { files, links }: Content): Promise<boolean> {
  const found = await Promise.all([
    ...Object.entries(files).map(async ([path, text]) => (await readText(join(gitDir, path))) === text),
    ...Object.entries(links).map(async ([path, target]) => (await targetOf(join(gitDir, path))) === target),
  ])
  return !found.includes(false)
}

function targetOf(path: string): Promise<string | null> {
  return unless(NO_LINK, readlink(path), null)
}

const NO_LINK = new Set(['ENOENT', 'ENOTDIR', 'EINVAL'])

/** Made beside its place and moved there when it is on the disk, so that it is either whole or not there; under a lock. */
async function make(gitDir: string, { files, links }: Content): Promise<void> {
  const draft = `${gitDir}${DRAFT}`
  await rm(draft, { recursive: true, force: true })
  for (const directory of ['refs', 'objects', 'info']) {
    await mkdir(join(draft, directory), { recursive: true })
  }
  for (const [path, text] of Object.entries(files)) await writeFile(join(draft, path), text)
  for (const [path, target] of Object.entries(links)) await symlink(target, join(draft, path))
  await syncFileSystems(draft)
  await removeTree(gitDir)
  await rename(draft, gitDir)
}
