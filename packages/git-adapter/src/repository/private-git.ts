import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { withLock } from '@coppice/core'
import { isThere } from '../files/look.js'
import { splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
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
  const gitDir = join(workshop.directory, 'git', kind)
  if (!(await isThere(gitDir))) {
    await withLock(locks, 'private-git', undefined, async () => {
      if (!(await isThere(gitDir))) await make(repository, kind, gitDir)
    })
  }
  return { gitDir, objects, ...(alternates === null ? {} : { alternates }) }
}

/** Made beside its place and moved there, so that it is either whole or not there; under a lock. */
async function make(repository: Repository, kind: PrivateKind, gitDir: string): Promise<void> {
  const draft = `${gitDir}.draft`
  await rm(draft, { recursive: true, force: true })
  for (const directory of ['refs', 'objects', 'info']) {
    await mkdir(join(draft, directory), { recursive: true })
  }
  await writeFile(join(draft, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(draft, 'info', 'attributes'), ATTRIBUTES[kind])
  // The repository's own exclusions count here too, also when they change later.
  const exclude = join(repository.commonDir, 'info', 'exclude')
  await symlink(relative(join(gitDir, 'info'), exclude), join(draft, 'info', 'exclude'))
  await writeFile(join(draft, 'config'), await configuration(repository))
  await rename(draft, gitDir)
}

async function configuration(repository: Repository): Promise<string> {
  const pattern = `^(${INHERITED.join('|').replaceAll('.', String.raw`\.`)})$`
  const { stdout } = await git(repository.place, {
    args: ['config', '--local', '--null', '--get-regexp', pattern],
    answers: [1],
  })
  // With sparseCheckout git looks at a file that is there although the index says to skip it.
  const lines = ['[core]', '\trepositoryformatversion = 1', '\tbare = false', '\tsparseCheckout = true']
  for (const entry of splitNul(stdout).map((field) => field.toString('utf8'))) {
    const [, section, name, value = 'true'] = /^(\w+)\.(\w+)(?:\n(.*))?$/s.exec(entry) ?? []
    // JSON quotes a string as git's configuration does.
    if (section !== undefined) lines.push(`[${section}]`, `\t${name} = ${JSON.stringify(value)}`)
  }
  return `${lines.join('\n')}\n`
}
