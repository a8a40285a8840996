import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { segmentPath } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const STREAMS = 40
const PER_STREAM = 10

/** A log that is long enough to be cached, in a few segments. */
async function writeLongLog(directory: string, segmentBytes = 40_000): Promise<void> {
  const log = await openFileLog(directory, { segmentBytes })
  for (let stream = 0; stream < STREAMS; stream++) {
    await log.append(`task/${stream}`, manyParked(PER_STREAM), 'no-stream')
  }
  await log.close()
}

function cacheFilesOf(directory: string): string[] {
  const shards = readdirSync(join(directory, 'heads')).filter((name) => name.endsWith('.json'))
  return [join(directory, 'heads.json'), ...shards.map((name) => join(directory, 'heads', name))]
}

it('saves what it learnt of a long log when it closes, and of a short one nothing', async () => {
  const short = temporaryDirectory()
  const log = await openFileLog(short)
  await log.append('task/a', manyParked(200), 'any')
  await log.close()
  expect(existsSync(join(short, 'heads.json'))).toBe(false)

  const directory = temporaryDirectory()
  await writeLongLog(directory)
  expect(existsSync(join(directory, 'heads.json'))).toBe(true)
})

it('saves nothing when it only reads', async () => {
  const directory = temporaryDirectory()
  await writeLongLog(directory)
  for (const path of cacheFilesOf(directory)) rmSync(path)
  const log = await openFileLog(directory)
  expect(await factsOf(log)).toHaveLength(STREAMS * PER_STREAM)
  await log.close()
  expect(existsSync(join(directory, 'heads.json'))).toBe(false)
})

it('appends to every stream without reading what is old', async () => {
  const directory = temporaryDirectory()
  await writeLongLog(directory)
  // If the first segment were read, this would show.
  const first = readFileSync(segmentPath(directory))
  writeFileSync(segmentPath(directory), first.fill('x', 1_000, 2_000))
  const log = await openFileLog(directory)
  for (const stream of [0, 1, 20, STREAMS - 1]) {
    expect(await log.append(`task/${stream}`, [parked('old')], PER_STREAM)).toMatchObject([{ version: 11 }])
    expect(await log.append(`task/${stream}`, [parked('old')], 3).catch(codeOf)).toBe('version-conflict')
  }
  expect(await log.append('task/new', [parked('new')], 'no-stream')).toHaveLength(1)
  const last = STREAMS * PER_STREAM
  expect((await factsOf(log, last)).map(({ sequence }) => sequence)).toEqual([
    last,
    last + 1,
    last + 2,
    last + 3,
    last + 4,
    last + 5,
  ])
  expect(await factsOf(log).catch(codeOf)).toBe('log-corrupt')
  await log.close()
})

it('saves in the midst of long work, so that a process that dies leaves a cache', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory, { saveInterval: 100 })
  for (let index = 0; index < 30; index++) await log.append(`task/${index}`, manyParked(10), 'any')
  while (!existsSync(join(directory, 'heads.json'))) await log.append('task/more', [parked('')], 'any')
  for (let index = 0; index < 30; index++) {
    expect(await log.append(`task/${index}`, [parked('')], 10)).toHaveLength(1)
  }
  await log.close()
})

it('tells of a cache that cannot be saved, and goes on without', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'heads'), 'no directory')
  const failures: string[] = []
  const onCacheFailure = (error: Error): number => failures.push(codeOf(error))
  const log = await openFileLog(directory, { onCacheFailure })
  await log.append('task/a', manyParked(300), 'no-stream')
  await log.close()
  expect(failures).toEqual(['snapshot-not-saved'])
  const again = await openFileLog(directory)
  expect(await again.append('task/a', [parked('')], 300)).toHaveLength(1)
  await again.close()
})

it('goes on with all that is there when the cache goes bad while another process appends to old streams', async () => {
  const directory = temporaryDirectory()
  await writeLongLog(directory)
  const log = await openFileLog(directory)
  const other = await openFileLog(directory)
  await other.append('task/7', [parked('beside')], PER_STREAM)
  await other.close()
  rmSync(join(directory, 'heads'), { recursive: true })

  expect(await log.append('task/7', [parked('after')], PER_STREAM + 1)).toHaveLength(1)

  expect(await factsOf(await openFileLog(directory))).toHaveLength(STREAMS * PER_STREAM + 2)
  await log.close()
})

it('gives the same answers whatever became of the cache', async () => {
  const original = temporaryDirectory()
  await writeLongLog(original)
  const harm = fc.record({
    file: fc.nat(),
    at: fc.nat(),
    kind: fc.constantFrom('delete', 'truncate', 'flip', 'empty', 'swap'),
    when: fc.constantFrom('before opening', 'while open'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(harm, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (harms, isBeside) => {
        const directory = temporaryDirectory()
        cpSync(original, directory, { recursive: true, preserveTimestamps: true })
        for (const one of harms) if (one.when === 'before opening') apply(directory, one)
        const log = await openFileLog(directory)
        if (isBeside) {
          const other = await openFileLog(directory)
          for (let stream = 3; stream < STREAMS; stream += 14) {
            await other.append(`task/${stream}`, [parked('beside')], 'any')
          }
          await other.close()
        }
        for (const one of harms) if (one.when === 'while open') apply(directory, one)
        for (let stream = 0; stream < STREAMS; stream += 7) {
          expect(await log.append(`task/${stream}`, [parked('')], 'no-stream').catch(codeOf)).toBe(
            'version-conflict',
          )
          expect(await log.append(`task/${stream}`, [parked('')], PER_STREAM)).toHaveLength(1)
        }
        expect(await log.append('task/new', manyParked(300), 'no-stream')).toHaveLength(300)
        expect(await factsOf(log)).toHaveLength(STREAMS * PER_STREAM + 306 + (isBeside ? 3 : 0))
        await log.close()
        const again = await openFileLog(directory)
        expect(await again.append('task/7', [parked('')], PER_STREAM + 1)).toHaveLength(1)
        await again.close()
      },
    ),
    { numRuns: 15 },
  )
})

it('is left aside where the log is another one, or a shorter one', async () => {
  const directory = temporaryDirectory()
  await writeLongLog(directory)
  const other = temporaryDirectory()
  await writeLongLog(other)
  const log = await openFileLog(other)
  await log.append('task/0', manyParked(300), 'any')
  await log.close()
  for (const name of ['heads', 'heads.json']) {
    rmSync(join(directory, name), { recursive: true })
    cpSync(join(other, name), join(directory, name), { recursive: true, preserveTimestamps: true })
  }
  const shorter = await openFileLog(directory)
  expect(await shorter.append('task/0', [parked('')], PER_STREAM)).toHaveLength(1)
  expect(statSync(segmentPath(directory)).size).toBeGreaterThan(0)
  await shorter.close()
})

interface Harm {
  readonly file: number
  readonly at: number
  readonly kind: string
}

function apply(directory: string, { file, at, kind }: Harm): void {
  const paths = cacheFilesOfAny(directory)
  const path = paths[file % paths.length]
  if (path === undefined) return
  const bytes = readFileSync(path)
  if (kind === 'delete') rmSync(path)
  else if (kind === 'truncate') writeFileSync(path, bytes.subarray(0, at % bytes.length))
  else if (kind === 'empty') writeFileSync(path, '')
  else if (kind === 'swap') writeFileSync(path, readFileSync(paths[(file + 1) % paths.length] ?? path))
  else {
    bytes[at % bytes.length]! ^= 1
    writeFileSync(path, bytes)
  }
}

function cacheFilesOfAny(directory: string): string[] {
  const list = join(directory, 'heads.json')
  const shards = readdirSync(join(directory, 'heads')).map((name) => join(directory, 'heads', name))
  return existsSync(list) ? [list, ...shards] : shards
}
