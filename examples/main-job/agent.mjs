// Stands in for a coding agent: a process that edits files in its working directory, step by step. Started again it
// goes on after the last step that is still there. It knows nothing of Coppice.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as think } from 'node:timers/promises'
import { git } from './repository.mjs'
import { work } from './work.mjs'

/** Milliseconds that an agent thinks before each step, so that there is a middle to be killed in. */
const THINKING = 500

const [id, ledger] = process.argv.slice(2)
for (const step of work[id]) {
  if (step.isDone?.() === true) continue
  await think(THINKING)
  if (step.fail === true) {
    process.stderr.write(`   ${id}: I give up\n`)
    process.exit(1)
  }
  // What the agent has written is entered outside of the repository, to be compared at the end.
  for (const file of step.run()) {
    const blob = git('.', 'hash-object', '--no-filters', file)
    appendFileSync(join(ledger, id), `${JSON.stringify({ file, blob })}\n`)
  }
}
