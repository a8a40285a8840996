import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced block of a document. */
export interface Block {
  /** The document and the line on which the block begins, as in `docs/cli.md:12`. */
  readonly place: string
  readonly language: string
  readonly text: string
  /** What a program prints: the text of the `output` block that follows on it; null where none does. */
  readonly output: string | null
}

/** Every fenced block of the documents in the repository's root, in docs, and in the packages. */
export function allBlocks(): Block[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const ofPackages = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name, 'README.md'))
  return [...readdirSync(ROOT), ...inDocs.map((file) => join('docs', file)), ...ofPackages]
    .filter((file) => file.endsWith('.md'))
    .toSorted()
    .flatMap(blocksOf)
}

function blocksOf(file: string): Block[] {
  const document = readFileSync(join(ROOT, file), 'utf8')
  const fences = [...document.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
  return fences.map(({ index, 1: language = '', 2: text = '' }, number) => {
    const line = document.slice(0, index).split('\n').length
    const next = fences[number + 1]
    const output = next?.[1] === 'output' ? (next[2] ?? '') : null
    return { place: `${file}:${line}`, language, text, output }
  })
}
