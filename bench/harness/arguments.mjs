import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROUNDS = 5
const QUICK_ROUNDS = 1
const MAX_ROUNDS = 100

export const USAGE = `pnpm bench <name> [options]
  --rounds N    how often each pair is measured; ${ROUNDS} by default
  --dir DIR     a directory on the disk to be measured; the system's temporary one by default
  --no-peers    leave out what is not ours
  --out FILE    where the results go; bench/results/<name>.md by default
  --quick       small counts and ${QUICK_ROUNDS} round, to see that it works; the figures mean nothing, so none are kept without --out
`

export class UsageError extends Error {}

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {string} directory absolute
 * @property {boolean} peers
 * @property {string | null} out absolute, or null to print the results only
 * @property {boolean} quick
 */

/**
 * Reads a command line, given the names of the benchmarks that there are.
 *
 * @returns {{ bench: string, options: Options }}
 * @throws {UsageError}
 */
export function parseArguments(args, names) {
  const { values, positionals } = parse(args)
  const [bench] = positionals
  if (positionals.length !== 1 || !names.includes(bench))
    throw new UsageError(`name one of the benchmarks: ${names.join(', ')}`)
  const quick = values.quick ?? false
  const results = fileURLToPath(new URL(`../results/${bench}.md`, import.meta.url))
  const out = values.out ?? (quick ? null : results)
  return {
    bench,
    options: {
      rounds: parseRounds(values.rounds ?? String(quick ? QUICK_ROUNDS : ROUNDS)),
      directory: parseDirectory(values.dir ?? tmpdir()),
      peers: values['no-peers'] !== true,
      out: out && resolve(out),
      quick,
    },
  }
}

function parse(args) {
  const options = {
    rounds: { type: 'string' },
    dir: { type: 'string' },
    'no-peers': { type: 'boolean' },
    out: { type: 'string' },
    quick: { type: 'boolean' },
  }
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause.message, { cause })
  }
}

function parseRounds(text) {
  const rounds = Number(text)
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MAX_ROUNDS) return rounds
  throw new UsageError(`--rounds is a whole number from 1 to ${MAX_ROUNDS}, not ${JSON.stringify(text)}`)
}

function parseDirectory(path) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return resolve(path)
  throw new UsageError(`--dir has to be a directory that is there; ${JSON.stringify(path)} is not`)
}
