import { resolve } from 'node:path'
import type { Command } from 'commander'

export interface GlobalOptions {
  readonly directory: string
  readonly json: boolean
  readonly quiet: boolean
}

/** Adds the options that every command takes, before its name or after it. */
export function addGlobalOptions(command: Command): Command {
  return command
    .option('-C <dir>', 'work as if started in this directory; several add up, as in git', collect)
    .option('--json', 'print data as JSON on stdout, errors as one line of JSON on stderr')
    .option('-q, --quiet', 'say nothing but data, warnings and errors')
}

export function globalOptionsOf(command: Command): GlobalOptions {
  const given = [command.parent, command].map((at) => at?.opts<RawOptions>() ?? {})
  return {
    directory: resolve(...given.flatMap(({ C = [] }) => C)),
    json: given.some(({ json }) => json === true),
    quiet: given.some(({ quiet }) => quiet === true),
  }
}

interface RawOptions {
  readonly C?: readonly string[]
  readonly json?: boolean
  readonly quiet?: boolean
}

function collect(directory: string, before: readonly string[] = []): readonly string[] {
  return [...before, directory]
}
