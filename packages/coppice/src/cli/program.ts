import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { COMMANDS } from './commands.js'
import { addGlobalOptions } from './arguments/global-options.js'

/** The command line as a value; nothing is read or run until it parses arguments. */
export function createProgram(): Command {
  const program = new Command('coppice')
    .description('Gives every coding-agent task its own git worktree, and loses nothing.')
    .version(version(), '-V, --version')
    .usage('[options] <command>')
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    // What commander has to say against a command line is told like every other error.
    .configureOutput({ writeErr: () => undefined })
  addGlobalOptions(program)
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    addGlobalOptions(program.command(name).description(summary))
  }
  program.hook('preSubcommand', async (_, command) => {
    const { define } = (await COMMANDS[command.name()]?.load()) ?? {}
    define?.(command)
  })
  program
    .command('help')
    .description('explain a command')
    .argument('[command]')
    .action(async (name?: string) => {
      if (name !== undefined && !Object.hasOwn(COMMANDS, name))
        program.error(`error: unknown command '${name}'`)
      await program.parseAsync(name === undefined ? ['--help'] : [name, '--help'], { from: 'user' })
    })
  return program
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}
