import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agents } from './agents.mjs'
import { git } from './repository.mjs'
import { act, say } from './tell.mjs'

/**
 * Compares the agents' own ledgers with what plain git can reach: the last version of every file that an agent wrote
 * must be in a merge, a branch or a pin. Fails the whole job if one is not.
 */
export async function balance(coppice, { repo, ledger }) {
  act('7. the books: is anything lost?')
  const reachable = new Set(
    git(repo, 'rev-list', '--objects', '--all')
      .split('\n')
      .map((line) => line.slice(0, 40)),
  )
  const onBase = new Set(
    git(repo, 'rev-list', '--objects', 'HEAD')
      .split('\n')
      .map((line) => line.slice(0, 40)),
  )
  let lost = 0
  for (const { id } of agents.filter((agent) => readdirSync(ledger).includes(agent.id))) {
    const entries = readFileSync(join(ledger, id), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const written = new Map(entries.map(({ file, blob }) => [file, blob]))
    const found = [...written.values()].filter((blob) => reachable.has(blob))
    const merged = [...written.values()].filter((blob) => onBase.has(blob))
    lost += written.size - found.length
    const { status } = coppice.task(id)
    say(
      `   ${id.padEnd(10)} ${status.padEnd(8)} wrote ${written.size} files: ${merged.length} as they were on the base, ${found.length - merged.length} in a pin, ${written.size - found.length} lost`,
    )
  }
  git(repo, 'fsck', '--strict', '--no-dangling')
  const dirty = git(repo, 'status', '--porcelain')
  say(`   git fsck: clean. The checkout of the base: ${dirty === '' ? 'clean' : `not clean\n${dirty}`}`)
  if (lost > 0 || dirty !== '') throw new Error('something was lost: the promise is broken')
  say('   Nothing was lost.')
}
