import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { withLock } from '@coppice/core'
import { namesIn, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import type { Site, Workshop } from '../site.js'
import type { Repository } from './repository.js'

/**
 * `raw` takes files byte for byte, whatever an agent's attributes say: no filter runs, no line end changes.
 * `plain` has no attributes at all: for merges and differences, so that no driver an agent names is started.
 */
export type PrivateKind = 'raw' | 'plain'

const ATTRIBUTES: Readonly<Record<PrivateKind, string>> = {
  raw: '* -text -filter -ident -working-tree-encoding -eol -merge -diff\n',
  plain: '',
}

/** Held while one is made. */
const LOCK = 'private-git'

const DRAFT = '.draft'

/** What git found out about the file system when the repository was made, and has to know here too. */
const INHERITED = [
  'core.filemode',
  'core.symlinks',
  'core.ignorecase',
  'core.precomposeunicode',
  'core.autocrlf',
  'core.eol',
  'core.excludesfile',
  'extensions.objectformat',
]

/**
 * A git directory that is the engine's own, over the repository's object store. An agent can rewrite its worktree's
 * configuration, but nothing here; so no filter, hook, monitor or driver that it planted is run when its files are
 * read. Made when first needed.
 */
export async function privateGit({ repository, locks, workshop }: Site, kind: PrivateKind): Promise<Place> {
  const { objects, alternates } = workshop
  const gitDir = join(directoryOf(workshop), kind)
  if (!(await isWhole(gitDir, kind))) {
    await withLock(locks, LOCK, undefined, async () => {
      if (!(await isWhole(gitDir, kind))) await make(repository, kind, gitDir)
    })
  }
  const { isPartial, commonDir } = repository
  // Where the history of a shallow clone ends is told by a file of the repository's.
  const variables = { GIT_SHALLOW_FILE: join(commonDir, 'shallow') }
  return { gitDir, objects, isPartial, variables, ...(alternates === null ? {} : { alternates }) }
}

/** Deletes what a killed process had begun to make, unless somebody makes one just now. */
export async function sweepDrafts({ locks, workshop }: Site): Promise<void> {
  const directory = directoryOf(workshop)
  const isLeft = async (): Promise<boolean> => (await namesIn(directory)).some((name) => name.endsWith(DRAFT))
  const lock = (await isLeft()) ? await locks.tryAcquire(LOCK) : null
  if (lock === null) return
  try {
    for (const kind of Object.keys(ATTRIBUTES)) await removeTree(join(directory, `${kind}${DRAFT}`))
  } finally {
    await lock.release()
  }
}

function directoryOf({ directory }: Workshop): string {
  return join(directory, 'git')
}

const HEAD = 'ref: refs/heads/none\n'

/** Ends a configuration, so that one which is cut off shows. */
const END = '# the end\n'

/** A disk that fails, or is full, or a person can have taken something out of what was made whole. */
async function isWhole(gitDir: string, kind: PrivateKind): Promise<boolean> {
  const files = ['HEAD', 'info/attributes', 'config'].map((file) => readText(join(gitDir, file)))
  const [head, attributes, config] = await Promise.all(files)
  return head === HEAD && attributes === ATTRIBUTES[kind] && config?.endsWith(END) === true
}

/** Made beside its place and moved there when it is on the disk, so that it is either whole or not there; under a lock. */
async function make(repository: Repository, kind: PrivateKind, gitDir: string): Promise<void> {
  const draft = `${gitDir}${DRAFT}`
  await rm(draft, { recursive: true, force: true })
  for (const directory of ['refs', 'objects', 'info']) {
    await mkdir(join(draft, directory), { recursive: true })
  }
  await writeFile(join(draft, 'HEAD'), HEAD)
  await writeFile(join(draft, 'info', 'attributes'), ATTRIBUTES[kind])
  // The repository's own exclusions count here too, also when they change later.
  const exclude = join(repository.commonDir, 'info', 'exclude')
  await symlink(relative(join(gitDir, 'info'), exclude), join(draft, 'info', 'exclude'))
  await writeFile(join(draft, 'config'), await configuration(repository))
  await syncFileSystems(draft)
  await removeTree(gitDir)
  await rename(draft, gitDir)
}

async function configuration(repository: Repository): Promise<string> {
  const pattern = `^(${INHERITED.join('|').replaceAll('.', String.raw`\.`)})$`
  const { stdout } = await git(repository.place, {
    args: ['config', '--local', '--null', '--get-regexp', pattern],
    answers: [1],
  })
  // With sparseCheckout git looks at a file that is there although the index says to skip it. Larger files than the
  // threshold go through it in pieces instead of being held in memory.
  const lines = [
    '[core]',
    '\trepositoryformatversion = 1',
    '\tbare = false',
    '\tsparseCheckout = true',
    '\tbigFileThreshold = 64m',
  ]
  for (const entry of splitNul(stdout).map((field) => field.toString('utf8'))) {
    const [, section, name, value = 'true'] = /^(\w+)\.(\w+)(?:\n(.*))?$/s.exec(entry) ?? []
    // JSON quotes a string as git's configuration does.
    if (section !== undefined) lines.push(`[${section}]`, `\t${name} = ${JSON.stringify(value)}`)
  }
  return `${lines.join('\n')}\n${END}`
}
