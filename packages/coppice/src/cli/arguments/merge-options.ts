import { MERGE_STRATEGIES, type MergeStrategy } from '@coppice/core'
import { Option, type Command } from 'commander'

export interface MergeFlags {
  readonly strategy?: MergeStrategy
  /** A shell command; false for --no-verify. */
  readonly verify?: string | false
  readonly into?: string
  readonly message?: string
}

/** The options of every command that merges. */
export function addMergeOptions(command: Command): Command {
  return command
    .addOption(new Option('--strategy <how>', 'by default merge').choices(MERGE_STRATEGIES))
    .option('--verify <command>', 'a shell command that has to succeed on the merged tree, or nothing lands')
    .option('--no-verify', 'land without what coppice.verify in git’s configuration asks for')
    .option('-m, --message <text>', 'the message of the commit that a merge or a squash makes')
}
