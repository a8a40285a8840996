import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROUNDS = 5
const QUICK_ROUNDS = 1
const MAX_ROUNDS = 100

const FLAGS = {
  rounds: { type: 'string' },
  dir: { type: 'string' },
  'no-peers': { type: 'boolean' },
  out: { type: 'string' },
  quick: { type: 'boolean' },
  only: { type: 'string' },
  files: { type: 'string' },
}

export const USAGE = `pnpm bench [name] [options]; without a name, every benchmark
  --rounds N    how often each pair is measured; ${ROUNDS} by default
  --dir DIR     a directory on the disk to be measured; the system's temporary one by default
  --no-peers    leave out what is not ours
  --out FILE    where the results of one benchmark go; bench/results/<name>.md by default
  --quick       small counts and ${QUICK_ROUNDS} round, to see that it works; the figures mean nothing, so none are kept without --out
of tasks, to measure a part; it is only printed without --out
  --only A,B    these scenarios and no others
  --files N     repositories of so many files
`

export class UsageError extends Error {}

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {string} directory absolute
 * @property {boolean} peers
 * @property {string | null} out absolute, or null to print the results only
 * @property {boolean} quick
 * @property {string[] | null} only names of scenarios, or null for all
 * @property {number | null} files how large repositories are; null for as large as is planned
 */

/**
 * Reads a command line, given what there is: the names of the benchmarks, each with those of its scenarios, of which it
 * may have none.
 *
 * @param {Record<string, readonly string[]>} benches
 * @returns {{ bench: string, options: Options }[]} what to run, in this order
 * @throws {UsageError}
 */
export function parseArguments(args, benches) {
  const { values, positionals } = parse(args)
  const names = positionals.length === 0 ? Object.keys(benches) : positionals
  if (positionals.length > 1 || !names.every((name) => Object.hasOwn(benches, name)))
    throw new UsageError(`name one of the benchmarks, or none for all: ${Object.keys(benches).join(', ')}`)
  if (names.length > 1 && values.out !== undefined)
    throw new UsageError('--out takes the name of a benchmark')
  const quick = values.quick ?? false
  const common = {
    rounds: parseRounds(values.rounds ?? String(quick ? QUICK_ROUNDS : ROUNDS)),
    directory: parseDirectory(values.dir ?? tmpdir()),
    peers: values['no-peers'] !== true,
    quick,
  }
  return names.map((bench) => {
    const part = parsePart(values, bench, benches[bench])
    const isKept = !quick && part.only === null && part.files === null
    const out = values.out ?? (isKept ? resultsOf(bench) : null)
    return { bench, options: { ...common, ...part, out: out && resolve(out) } }
  })
}

function parse(args) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause.message, { cause })
  }
}

function parsePart({ only, files }, bench, scenarios) {
  if (scenarios.length === 0 && (only ?? files) !== undefined)
    throw new UsageError(`--only and --files are not for ${bench}`)
  const chosen = only?.split(',') ?? null
  if (chosen !== null && !chosen.every((name) => scenarios.includes(name)))
    throw new UsageError(`--only takes ${scenarios.join(', ')}; not ${JSON.stringify(only)}`)
  return { only: chosen, files: files === undefined ? null : parseFiles(files) }
}

function resultsOf(bench) {
  return fileURLToPath(new URL(`../results/${bench}.md`, import.meta.url))
}

const MIN_FILES = 200
const MAX_FILES = 200_000

function parseFiles(text) {
  return parseWhole('--files', text, MIN_FILES, MAX_FILES)
}

function parseRounds(text) {
  return parseWhole('--rounds', text, 1, MAX_ROUNDS)
}

function parseWhole(flag, text, least, most) {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new UsageError(`${flag} is a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`)
}

function parseDirectory(path) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return resolve(path)
  throw new UsageError(`--dir has to be a directory that is there; ${JSON.stringify(path)} is not`)
}
