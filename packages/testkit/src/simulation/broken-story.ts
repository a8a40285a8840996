import { messageOf, named } from './words.js'
import type { Told } from './simulation.js'

/** A story in which something is wrong: what, and how it came to that. */
export class BrokenStory extends Error {
  override readonly name = 'BrokenStory'

  constructor(
    /** What was done, what came of it and what was recorded, move by move. */
    readonly told: readonly Told[],
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause)}\n\n${inLines(told)}`)
  }
}

function inLines(told: readonly Told[]): string {
  return told
    .map(({ move, outcome, facts }, index) => {
      const recorded = facts.length === 0 ? '' : `\n       ${facts.map(named).join(', ')}`
      return `  ${String(index + 1).padStart(2)}. ${move}${outcome === 'done' ? '' : `: ${outcome}`}${recorded}`
    })
    .join('\n')
}
