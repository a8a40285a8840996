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
}

/** Every fenced block of the documents in the repository's root and in docs. */
export function allBlocks(): Block[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  return [...readdirSync(ROOT), ...inDocs.map((file) => join('docs', file))]
    .filter((file) => file.endsWith('.md'))
    .toSorted()
    .flatMap(blocksOf)
}

function blocksOf(file: string): Block[] {
  const document = readFileSync(join(ROOT, file), 'utf8')
  const fences = document.matchAll(/^```(\w*)\n(.*?)^```$/gms)
  return [...fences].map(({ index, 1: language = '', 2: text = '' }) => {
    const line = document.slice(0, index).split('\n').length
    return { place: `${file}:${line}`, language, text }
  })
}
