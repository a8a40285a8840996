import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openFileLog } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { segmentPath } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const document = readFileSync(new URL('../../docs/log-format.md', import.meta.url), 'utf8')
const example = /```jsonl\n(.*?)```/s.exec(document)![1]!
const reader = fileURLToPath(new URL('programs/read-log.py', import.meta.url))

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) process.stderr.write('python3 is not here, so that the reader in Python is not tested\n')

/** What the reader in Python makes of a log. */
function readInPython(directory: string): { facts: unknown[]; status: number | null; problem: string } {
  const options = { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf8' } } as const
  const { stdout, stderr, status } = spawnSync('python3', [reader, directory], options)
  const facts = stdout.split('\n').slice(0, -1)
  return { facts: facts.map((fact) => JSON.parse(fact) as unknown), status, problem: stderr }
}

async function writeVariedLog(directory: string): Promise<void> {
  const log = await openFileLog(directory, { segmentBytes: 1_500 })
  for (let index = 0; index < 12; index++) {
    await log.append(`task/${index % 3}`, manyParked((index % 4) + 1), 'any')
    await log.append('task/odd', [parked('"quoted" \\ \n\r\t ☂ 𝄞 \u2028 \u0000 \ud800')], 'any')
  }
  await log.close()
}

function writeExample(directory: string): void {
  mkdirSync(join(directory, 'log'))
  writeFileSync(segmentPath(directory), example)
}

it('reads the example in the document', async () => {
  const directory = temporaryDirectory()
  writeExample(directory)
  const facts = await factsOf(await openFileLog(directory))
  expect(facts.map(({ type, version }) => [type, version])).toEqual([
    ['task.requested', 1],
    ['task.parked', 2],
    ['task.resumed', 3],
  ])
})

it('writes the example in the document, byte for byte', async () => {
  const original = temporaryDirectory()
  writeExample(original)
  const facts = await factsOf(await openFileLog(original))
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/fix-login', facts.slice(0, 1), 'no-stream')
  await log.append('task/fix-login', facts.slice(1), 1)
  await log.close()
  expect(readFileSync(segmentPath(directory), 'utf8')).toBe(example)
})

describe.skipIf(!hasPython)('a reader in Python, made from the document', () => {
  it('reads the example in the document', () => {
    const directory = temporaryDirectory()
    writeExample(directory)
    expect(readInPython(directory)).toMatchObject({ status: 0, facts: [{ sequence: 1 }, {}, { version: 3 }] })
  })

  it('reads the same facts, over segments', async () => {
    const directory = temporaryDirectory()
    await writeVariedLog(directory)
    const facts = await factsOf(await openFileLog(directory))
    expect(readInPython(directory)).toEqual({ facts, status: 0, problem: '' })
  })

  it('reads a log of version 1, and one in which room is reserved', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'log'))
    cpSync(fileURLToPath(new URL('../fixtures/0.1.0/log', import.meta.url)), join(directory, 'log'), {
      recursive: true,
    })
    const log = await openFileLog(directory)
    for (let index = 0; index < 20; index++) await log.append('task/new', [parked(index)], 'any')
    expect(readFileSync(segmentPath(directory), 'utf8')).toMatch(/\n{100}$/)
    const facts = await factsOf(log)
    expect(readInPython(directory)).toEqual({ facts, status: 0, problem: '' })
    await log.close()
  })

  it('ends where an interrupted append begins', async () => {
    const directory = temporaryDirectory()
    await writeVariedLog(directory)
    for (let segment = 3; existsSync(segmentPath(directory, segment)); segment++) {
      rmSync(segmentPath(directory, segment))
    }
    const { length } = readFileSync(segmentPath(directory, 2))
    for (const size of [length - 1, length - 30, length - 300, length - 600]) {
      truncateSync(segmentPath(directory, 2), size)
      const facts = await factsOf(await openFileLog(directory))
      expect(readInPython(directory)).toEqual({ facts, status: 0, problem: '' })
    }
    appendFileSync(segmentPath(directory, 2), '\n\0\n\0')
    const facts = await factsOf(await openFileLog(directory))
    expect(readInPython(directory)).toEqual({ facts, status: 0, problem: '' })
  })

  it('stops at damage', async () => {
    const directory = temporaryDirectory()
    await writeVariedLog(directory)
    const text = readFileSync(segmentPath(directory), 'utf8')
    writeFileSync(segmentPath(directory), text.replace('"more":1', '"more":0'))
    expect(readInPython(directory)).toMatchObject({ status: 1, problem: expect.stringContaining('broken') })
  })
})
