import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bench, endAt, rowsOf, SECONDS, type Ended } from './run-bench.js'

let scratch: string

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-bench-test-')))
})

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

const LIFE = 'whole life of 4 tasks, 2 at a time, 60 files'
const BESIDE_PEER = ['the same, beside sandcastle', 'the same, beside sandcastle, merged in turn']

/** Every measure with its bar; what no registry gave has none. */
const MEASURES = [
  ['create, warm pool, 60 files', '≤ 0.67x'],
  ['create, cold, 60 files', '≤ 1.15x'],
  ['create at another base, warm pool, 5 of 60 files differ', '≤ 0.05x'],
  ['merge of a checkpointed task, base not checked out, 60 files: until it has landed', '≤ 0.50x'],
  ['merge of a checkpointed task, base not checked out, 60 files: until its worktree is gone, too', '—'],
  ['merge of a checkpointed task, base checked out, 60 files: until it has landed', '≤ 1.00x'],
  ['merge of a checkpointed task, base checked out, 60 files: until its worktree is gone, too', '—'],
  ['checkpoint, nothing changed, 60 files', '≤ 1.30x'],
  ['checkpoint, 10 of 60 files changed', '≤ 1.00x'],
  ['remove, with 10 files pinned that were not committed, 60 files', '≤ 0.50x'],
  [LIFE, '≥ 5.00x'],
  ...BESIDE_PEER.map((measure) => [measure, '—']),
  ['the command `coppice list`, 2 live tasks', '≤ +60 ms'],
  ['`coppice list`, 3 live tasks and 20 finished', '≤ 1.25x'],
  ['`coppice status`, 3 live tasks and 20 finished', '≤ 1.25x'],
  ['`coppice new`, 3 live tasks and 20 finished', '≤ 1.25x'],
  ['memory of an open engine, 3 live tasks and 20 finished', '—'],
]

function isMeasured([, result = '']: string[]): boolean {
  return !result.startsWith('not measured')
}

describe('a quick run of the tasks benchmark', () => {
  let run: Ended
  let rows: string[][]
  let written: string
  let plot: string

  beforeAll(async () => {
    run = await bench(scratch, 'tasks', '--quick', '--out', join(scratch, 'out/tasks.md'))
    rows = rowsOf(run.stdout)
    written = readFileSync(join(scratch, 'out/tasks.md'), 'utf8')
    plot = readFileSync(join(scratch, 'out/tasks.svg'), 'utf8')
  }, 600 * SECONDS)

  test('measures everything, and judges what has a bar', () => {
    expect(run).toMatchObject({ code: 0 })
    expect(rows.map(([measure]) => measure)).toEqual(MEASURES.map(([measure]) => measure))
    const bars = new Map(MEASURES.map(([measure, bar]) => [measure, bar]))
    for (const [measure, , , , bar, isMet] of rows.filter(isMeasured)) {
      expect([measure, bar]).toEqual([measure, bars.get(measure)])
      expect(isMet).toMatch(bar === '—' ? /^—$/ : /^(yes|NO)$/)
    }
  })

  test('says what it could not measure, and goes on', () => {
    const problems = new Map(
      rows.filter((row) => !isMeasured(row)).map(([measure, result]) => [measure, result]),
    )
    for (const measure of BESIDE_PEER) {
      expect(problems.get(measure)).toMatch(/npm could not install it: .*ECONNREFUSED/)
      problems.delete(measure)
    }
    for (const problem of problems)
      expect(problem).toEqual([expect.stringContaining('warm pool'), 'not measured: no pool'])
  })

  test('gives each figure with its range and with what it stands beside', () => {
    for (const [, result, against, ratio] of rows.filter(isMeasured)) {
      expect(result).toMatch(/^[\d,.]+ (ms|MB|a minute)/)
      expect(against).toMatch(/: [\d,.]+ (ms|MB|a minute)/)
      const [, median, min, max] =
        /^\*\*([+-]?[\d.]+).*\*\* \(([+-]?[\d.]+).* … ([+-]?[\d.]+).*\)$/.exec(ratio!) ?? []
      expect(Number(median)).toBeGreaterThanOrEqual(Number(min))
      expect(Number(max)).toBeGreaterThanOrEqual(Number(median))
    }
  })

  test('counts the tasks that fail, and has none of its own', () => {
    const [, result, against] = rows.find(([measure]) => measure === LIFE)!
    expect(result).toMatch(/\(0 of 8 failed\)$/)
    expect(against).toMatch(/\(0 of 4 failed, \d+ retries\)$/)
  })

  test('writes the same table with the machine and the versions, and the plot in it', () => {
    expect(rowsOf(written)).toEqual(rows)
    for (const name of ['CPU', 'kernel', 'filesystem', 'Node', 'git', '@ai-hero/sandcastle'])
      expect(written).toMatch(new RegExp(String.raw`^\| ${name} \| \S.* \|$`, 'm'))
    expect(written).toContain('![Tasks, side by side](tasks.svg)')
  })

  test('draws a point for every ratio that is one of speeds', () => {
    const drawn = rows.filter(isMeasured).filter(([measure]) => !/^(memory|the command)/.test(measure!))
    for (const [measure] of drawn) expect(plot).toContain(`>${measure!.replaceAll('`', '')}</text>`)
    expect(plot.match(/<circle|<path/g)).toHaveLength(drawn.length)
    const barred = drawn.filter(([, , , , bar]) => bar !== '—')
    expect(plot.match(/class="bar"/g)).toHaveLength(barred.length)
    expect(plot).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect(plot).not.toMatch(/NaN|Infinity|undefined/)
    expect(plot).toContain('prefers-color-scheme: dark')
  })

  test('takes away what it wrote to the disk', () => {
    const left = readdirSync(scratch).filter((name) => name.startsWith('coppice-'))
    expect(left).toEqual(['coppice-bench-peers'])
    expect(readdirSync(join(scratch, 'coppice-bench-peers'))).toEqual([])
  })
})

test('a part of it is measured alone, and not kept', { timeout: 300 * SECONDS }, async () => {
  const run = await bench(scratch, 'tasks', '--only', 'checkpoint', '--files', '200', '--rounds', '1')
  expect(run).toMatchObject({ code: 0 })
  expect(rowsOf(run.stdout).map(([measure, , , , bar]) => [measure, bar])).toEqual([
    ['checkpoint, nothing changed, 200 files', '—'],
    ['checkpoint, 10 of 200 files changed', '—'],
  ])
  expect(run.stderr).not.toContain('written to')
})

test('takes away what it wrote when it is ended in the middle', { timeout: 300 * SECONDS }, async () => {
  const directory = mkdtempSync(join(scratch, 'ended-'))
  const args = ['tasks', '--only', 'create', '--files', '2000', '--dir', directory]
  const before = await endAt('warm-up', () => readdirSync(directory), ...args)
  expect(before).toHaveLength(1)
  expect(readdirSync(directory)).toEqual([])
})
