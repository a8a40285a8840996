import type { RecordedFact } from '@coppice/core'
import { messageOf, named } from './words.js'

/** One life of a program that was run to survive. */
export interface ProgramLife {
  /** What befell it, with the name of the step, or null for nothing. */
  readonly trouble: string | null
  /** What was recorded in it. */
  readonly facts: readonly RecordedFact[]
}

/** A program that failed, or came to something that it should not have: what is wrong, and what had befallen it before. */
export class BrokenProgram extends Error {
  override readonly name = 'BrokenProgram'

  constructor(
    readonly lives: readonly ProgramLife[],
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause)}\n\n${lives.map(inLines).join('\n')}`)
  }
}

function inLines({ trouble, facts }: ProgramLife, index: number): string {
  const recorded = facts.length === 0 ? 'nothing was recorded' : facts.map(named).join(', ')
  return `  life ${index + 1}: ${trouble ?? 'nothing befell it'}\n       ${recorded}`
}
