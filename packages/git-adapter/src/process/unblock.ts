import { constants, type Dirent } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { unless } from '../files/look.js'
import { below } from '../files/look-below.js'
import type { Place } from '../git/place.js'

// An agent can make a pipe where git reads a file, and git then waits for somebody who writes into it, for ever. Whoever
// opens its other end and closes it again has git read that it is empty, as it would find an empty file.

/** Milliseconds that a git process has before pipes are looked for; twice as long until the next look, and so on. */
const PATIENCE_MS = 1_500

/** Milliseconds between two looks at most. */
const MAX_PATIENCE_MS = 60_000

/** Milliseconds after which git may have come to the next pipe. */
const POLL_MS = 20

/** What git opens in any directory of a work tree; of a repository in there, it reads where its HEAD is. */
const READ_BY_GIT = new Set(['.gitattributes', '.gitignore', '.gitmodules', '.mailmap'])

/** Keeps a git process from waiting for pipes in its work tree and git directory until it is told to stop. */
export function keepFromBlocking(place: Place): { readonly stop: () => void } {
  const over = new AbortController()
  watch(place, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) process.emitWarning(error as Error)
  })
  return { stop: () => over.abort() }
}

async function watch(place: Place, over: AbortSignal): Promise<void> {
  let pipes: readonly Buffer[] = []
  for (let patience = PATIENCE_MS; ; patience = Math.min(2 * patience, MAX_PATIENCE_MS)) {
    if (pipes.length === 0) await delay(patience, undefined, { signal: over })
    for (let waited = 0; pipes.length > 0 && waited < patience; waited += POLL_MS) {
      for (const pipe of pipes) await freeReader(pipe)
      await delay(POLL_MS, undefined, { signal: over })
    }
    pipes = await pipesFor(place, over)
  }
}

/** Names are bytes: a directory of the agent's may have one that is no text. */
async function pipesFor({ workTree, gitDir }: Place, over: AbortSignal): Promise<readonly Buffer[]> {
  const found: Buffer[] = []
  for (const directory of [gitDir, join(gitDir, 'info')].map((path) => Buffer.from(path))) {
    for (const { name } of await entriesOf(directory)) {
      const path = below(directory, name)
      if ((await unless(GONE, stat(path), null))?.isFIFO() === true) found.push(path)
    }
  }
  const top: Directory = { path: Buffer.from(workTree ?? ''), isNested: false }
  const directories = workTree === undefined ? [] : [top]
  for (const directory of directories) {
    over.throwIfAborted()
    for (const entry of await entriesOf(directory.path)) {
      const path = below(directory.path, entry.name)
      const name = entry.name.toString('latin1')
      const isNested = directory.isNested || name === '.git'
      const isOwn = directory === top && name === '.git'
      if (entry.isDirectory() && !isOwn && !(isNested && name === 'objects'))
        directories.push({ path, isNested })
      // Git follows no link here.
      if (entry.isFIFO() && (isNested || READ_BY_GIT.has(name))) found.push(path)
    }
  }
  return found
}

interface Directory {
  readonly path: Buffer
  /** Whether it is in the `.git` of a repository that lies in the work tree. */
  readonly isNested: boolean
}

/** Nothing is written: whoever has the pipe open to read from finds its end. */
async function freeReader(pipe: Buffer): Promise<void> {
  const file = await unless(NOBODY_READS, open(pipe, constants.O_WRONLY | constants.O_NONBLOCK), null)
  await file?.close()
}

function entriesOf(directory: Buffer): Promise<readonly Dirent<Buffer>[]> {
  return unless(GONE, readdir(directory, { withFileTypes: true, encoding: 'buffer' }), [])
}

const GONE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG'])
const NOBODY_READS = new Set([...GONE, 'ENXIO'])
