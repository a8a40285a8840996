import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { Archive } from '../../../packages/store/src/archive/archive.js'

/** An archive of numbers by key, which lets its files go when the test has finished. */
export function archiveIn(directory: string): Archive<number> {
  const archive = new Archive<number>(directory, 'numbers')
  onTestFinished(() => archive.close())
  return archive
}

export function numbers(count: number): Map<string, number> {
  return new Map(Array.from({ length: count }, (_, index) => [`key-${index}`, index]))
}

/** Every file of the archive but the locks; the list of its shards comes first. */
export function archiveFiles(directory: string): string[] {
  const shards = join(directory, 'numbers')
  const names = existsSync(shards) ? readdirSync(shards).filter((name) => name.endsWith('.json')) : []
  return [join(directory, 'numbers.json'), ...names.map((name) => join(shards, name))]
}

/** An archive holds exactly these values, whichever way one asks for them. */
export function expectContent(archive: Archive<number>, values: ReadonlyMap<string, number>): void {
  expect(new Map(archive.entries())).toEqual(values)
  for (const [key, value] of values) expect(archive.get(key)).toBe(value)
}
