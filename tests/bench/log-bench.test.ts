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

describe('a quick run of the log benchmark', () => {
  let run: Ended
  let rows: string[][]
  let written: string

  beforeAll(async () => {
    run = await bench(scratch, 'log', '--quick', '--rounds', '2', '--out', join(scratch, 'out/log.md'))
    rows = rowsOf(run.stdout)
    written = readFileSync(join(scratch, 'out/log.md'), 'utf8')
  }, 300 * SECONDS)

  test('measures everything that has a bar, whether or not it is met', () => {
    expect(run).toMatchObject({ code: 0 })
    const judged = rows.filter(([, , , , bar]) => bar !== '—')
    expect(judged.map(([measure, , , , bar]) => [measure, bar])).toEqual([
      ['durable appends: Coppice, one at a time', '≥ 0.7x'],
      ['durable appends: Coppice, 64 at a time', '≥ 12x'],
      ['durable appends: Coppice, 1,024 at a time', '≥ 36x'],
      ['verified replay of 20,000 events', '≥ 400,000/s'],
      ['peak memory of that replay', '< 150 MB'],
      ['opening 20,000 events, 400 tasks, 50 of them live', '≤ 5 %'],
    ])
    for (const [, , , , , isMet] of judged) expect(isMet).toMatch(/^(yes|NO)$/)
  })

  test('gives each ratio with the range of its rounds around it', () => {
    const ratios = rows.map(([, , , ratio = '']) => ratio).filter((ratio) => ratio !== '—')
    expect(ratios).toHaveLength(5)
    for (const ratio of ratios) {
      const [, median, min, max] = /^\*\*([\d.]+).*\*\* \(([\d.]+).* … ([\d.]+).*\)$/.exec(ratio) ?? []
      expect(Number(min)).toBeGreaterThan(0)
      expect(Number(median)).toBeGreaterThanOrEqual(Number(min))
      expect(Number(max)).toBeGreaterThanOrEqual(Number(median))
    }
  })

  test('judges a ratio and a bar as they are shown', () => {
    const judged = rows
      .filter(([, , , , bar]) => bar?.endsWith('x'))
      .map(([, , , ratio = '', bar = '', isMet]) => ({
        reached: Number.parseFloat(ratio.slice('**'.length)),
        wanted: Number.parseFloat(bar.slice('≥ '.length)),
        isMet,
      }))
      // A ratio is shown rounded, so one that lies on its bar may have been a little below it.
      .filter(({ reached, wanted }) => reached !== wanted)
    const verdicts = judged.map(({ reached, wanted }) => (reached > wanted ? 'yes' : 'NO'))
    expect(judged.map(({ isMet }) => isMet)).toEqual(verdicts)
  })

  test('names the bars that it missed', () => {
    const missed = rows.filter(([, , , , , isMet]) => isMet === 'NO').map(([measure]) => measure)
    const verdict = missed.length > 0 ? `Missed: ${missed.join('; ')}.` : 'Every bar was met.'
    expect(run.stdout.split('\n')).toContain(verdict)
    expect(run.stdout).toContain('Its figures mean nothing')
  })

  test('says which peers cannot be installed, and goes on', () => {
    const peers = rows.filter(([measure]) => /better-sqlite3|emmett/.test(measure ?? ''))
    expect(peers).toHaveLength(6)
    for (const [, result] of peers)
      expect(result).toMatch(/^not measured: npm could not install it: .*ECONNREFUSED/)
  })

  test('writes the same table with the machine that it ran on', () => {
    expect(rowsOf(written)).toEqual(rows)
    const names = ['CPU', 'kernel', 'filesystem', 'Node', 'better-sqlite3', '@event-driven-io/emmett-sqlite']
    for (const name of names) expect(written).toMatch(new RegExp(String.raw`^\| ${name} \| \S.* \|$`, 'm'))
    expect(written).toContain(`| Node | ${process.versions.node} |`)
  })

  test('takes away what it wrote to the disk', () => {
    expect(readdirSync(scratch).filter((name) => name.startsWith('coppice-bench-'))).toEqual([
      'coppice-bench-peers',
    ])
    expect(readdirSync(join(scratch, 'coppice-bench-peers'))).toEqual([])
  })
})

test('without peers, nothing is installed and none is in the table', { timeout: 300 * SECONDS }, async () => {
  const run = await bench(scratch, 'log', '--quick', '--no-peers')
  expect(run).toMatchObject({ code: 0 })
  expect(run.stderr).not.toContain('Installing')
  expect(rowsOf(run.stdout)).toHaveLength(6)
})

test('takes away what it wrote when it is ended in the middle', { timeout: 60 * SECONDS }, async () => {
  const directory = mkdtempSync(join(scratch, 'ended-'))
  const args = ['log', '--quick', '--no-peers', '--dir', directory]
  const before = await endAt('round 1', () => readdirSync(directory), ...args)
  expect(before).toHaveLength(1)
  expect(readdirSync(directory)).toEqual([])
})
