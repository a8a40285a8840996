import type { MergeOutcome } from '../facade/merge-outcome.js'
import type { MergeOptions, Task } from '../facade/task.js'
import { short } from './output/describe-fact.js'
import { EXIT } from './failure/exit-codes.js'
import type { MergeFlags } from './arguments/merge-options.js'
import type { Output } from './output/output.js'
import { printable, printableLines } from './output/printable.js'
import type { Session } from './session/acting.js'

/** Merges a task, tells the person how it went, and answers with the exit code for it. */
export async function mergeAndTell(
  { output, signal }: Session,
  task: Task,
  flags: MergeFlags,
): Promise<{ readonly outcome: MergeOutcome; readonly exitCode: number }> {
  output.note(`${task.id}: merging`)
  const outcome = await task.merge({ ...mergeOptionsOf(flags), signal })
  tell(output, task, outcome, flags.into ?? task.state.into)
  return { outcome, exitCode: exitCodeOf(outcome) }
}

function mergeOptionsOf({ strategy, verify, into, message }: MergeFlags): MergeOptions {
  return {
    ...(strategy === undefined ? {} : { strategy }),
    ...(into === undefined ? {} : { into }),
    ...(message === undefined ? {} : { message }),
    ...(verify === undefined ? {} : { verify: verify === false ? null : ['sh', '-c', verify] }),
  }
}

function exitCodeOf(outcome: MergeOutcome): number {
  if (outcome.status === 'merged') return EXIT.done
  if (outcome.status === 'conflicted') return EXIT.conflict
  return outcome.reason === 'verification-failed' ? EXIT.verificationFailed : EXIT.failed
}

/** An outcome that did not land is told even to the quiet. */
function tell(output: Output, { id, path }: Task, outcome: MergeOutcome, into: string | null): void {
  const again = `then \`coppice merge ${id}\` again`
  switch (outcome.status) {
    case 'merged':
      output.note(`${id} landed on ${outcome.into} as ${short(outcome.commit)}`)
      return
    case 'conflicted':
      output.setback(`${id} conflicts with ${into} in ${outcome.fileCount} file(s); nothing was merged`, [
        ...outcome.files.map((file) => `    ${printable(file)}`),
        `  settle it in ${path} (\`git merge ${into}\` shows the conflicts there), ${again}`,
      ])
      return
    case 'rejected':
      output.setback(`${id} was not merged: ${outcome.message}`, [
        ...outcome.files.map((file) => `    ${printable(file)}`),
        ...(outcome.output === '' ? [] : [printableLines(outcome.output.trimEnd())]),
        `  the task goes on in ${path}; put it right, ${again}`,
      ])
  }
}
