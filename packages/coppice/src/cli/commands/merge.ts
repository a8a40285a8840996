import type { Command } from 'commander'
import { addMergeOptions, type MergeFlags } from '../arguments/merge-options.js'
import { mergeAndTell } from '../merge-and-tell.js'
import { acting } from '../session/acting.js'

export function define(command: Command): void {
  command.argument('<task>')
  addMergeOptions(command)
    .option('--into <branch>', 'the local branch to land on; by default the task’s own target')
    .action((id: string, flags: MergeFlags & { readonly into?: string }) =>
      acting(command, async (session) => {
        const { outcome, exitCode } = await mergeAndTell(session, session.coppice.task(id), flags)
        session.output.data('', outcome)
        return exitCode
      }),
    )
}
