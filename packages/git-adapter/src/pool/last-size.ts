import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '../files/look.js'
import type { Site } from '../site.js'

/**
 * What the files of the last spare took on the disk that was made with some settings; 0 where that is not known. Filters can make of a commit
 * what its objects do not tell.
 */
export async function lastSize(site: Site, settings: string): Promise<number> {
  const [of, bytes] = ((await readText(fileOf(site))) ?? '').trim().split(' ')
  return of === settings && /^\d+$/.test(bytes ?? '') ? Number(bytes) : 0
}

export async function noteSize(site: Site, settings: string, bytes: number): Promise<void> {
  await writeFile(fileOf(site), `${settings} ${bytes}\n`)
}

function fileOf({ workshop }: Site): string {
  return join(workshop.directory, 'pool-size')
}
