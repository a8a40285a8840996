import { chmodSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './world.js'

/** What a power cut does to every object that a git has written without syncing meanwhile: empty, or all zeros. */
export function cutPower({ repository }: World, work: () => void, zeros = 0): void {
  const objects = join(repository.commonDir, 'objects')
  const before = new Set(looseIn(objects))
  work()
  for (const name of looseIn(objects).filter((each) => !before.has(each))) {
    const file = join(objects, name)
    chmodSync(file, 0o644)
    truncateSync(file, 0)
    truncateSync(file, zeros)
  }
  rmSync(join(repository.commonDir, 'coppice/boot'), { force: true })
}

function looseIn(objects: string): string[] {
  const names = readdirSync(objects, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => /^..\/[0-9a-f]{38}$/.test(name))
}
