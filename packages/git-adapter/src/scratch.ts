import type { Lock, Locks } from '@coppice/core'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Site } from './site.js'

/**
 * Works with a workshop of its own outside of the repository, removed afterwards: what only reads shall also work
 * where nothing can be written, and leave every byte as it is.
 */
export async function withScratch<T>(site: Site, work: (scratch: Site) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'coppice-'))
  const objects = join(directory, 'objects')
  try {
    await mkdir(objects)
    const workshop = { directory, objects, alternates: site.workshop.objects }
    return await work({ ...site, workshop, looks: null, locks: nobodyElse })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const lock: Lock = { release: () => Promise.resolve() }

/** In a directory that nobody else knows there is nobody to exclude. */
const nobodyElse: Locks = {
  acquire: () => Promise.resolve(lock),
  tryAcquire: () => Promise.resolve(lock),
}
