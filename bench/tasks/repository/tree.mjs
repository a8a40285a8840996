import { randomFrom } from './random.mjs'

const SEED = 20_260_102

/** Files that a directory has on average, and how deep directories lie in each other at most. */
const FILES_PER_DIRECTORY = 9
const MAX_DEPTH = 8

/** Bytes of a file in the middle, how far the others are from that (in powers of e), and the largest. */
const MEDIAN_BYTES = 1800
const SPREAD = 1.1
const MAX_BYTES = 65_536

const NAMES =
  'account api auth billing cart catalog client common config core data export handler import index'
const MORE_NAMES =
  'invoice item job layout list mail model order page parser price query report route search server'
const WORDS = [
  ...NAMES.split(' '),
  ...MORE_NAMES.split(' '),
  'session',
  'shared',
  'store',
  'task',
  'user',
  'view',
]
const EXTENSIONS = ['.ts', '.ts', '.ts', '.tsx', '.test.ts', '.css', '.json', '.md']

/**
 * The files of a repository like those that people have: many small ones and few large, in directories that lie in each
 * other. The same number always gives the same files.
 *
 * @returns {Generator<{ path: string, content: string }>}
 */
export function* treeOf(files) {
  const random = randomFrom(SEED)
  const directories = directoriesFor(files, random)
  const prose = proseOf(random)
  for (let number = 0; number < files; number++) {
    const name = `${random.pick(WORDS)}-${number}${random.pick(EXTENSIONS)}`
    const bytes = Math.min(MAX_BYTES, Math.ceil(MEDIAN_BYTES * Math.exp(SPREAD * bell(random))))
    const start = random.below(prose.length - bytes)
    yield {
      path: `${random.pick(directories)}${name}`,
      content: `// ${number}\n${prose.slice(start, start + bytes)}\n`,
    }
  }
}

/** Each begins within one that was there before, so that some have many others within them. */
function directoriesFor(files, random) {
  const directories = ['src/', 'packages/', 'docs/', 'tests/']
  while (directories.length < files / FILES_PER_DIRECTORY) {
    const parent = random.pick(directories)
    if (parent.split('/').length > MAX_DEPTH) continue
    directories.push(`${parent}${random.pick(WORDS)}-${directories.length}/`)
  }
  return directories
}

/** Text that all files are cut from. */
function proseOf(random) {
  const lines = Array.from({ length: 20_000 }, () => {
    const words = Array.from({ length: 2 + random.below(9) }, () => random.pick(WORDS))
    return `${' '.repeat(2 * random.below(4))}${words.join(random.pick([' ', '.', ', ', ' = ']))}`
  })
  return lines.join('\n')
}

/** A number that is mostly near 0, and hardly ever beyond 3: the sum of uniform ones, in standard deviations. */
function bell(random) {
  return Array.from({ length: 12 }, random.next).reduce((sum, each) => sum + each, -6)
}
