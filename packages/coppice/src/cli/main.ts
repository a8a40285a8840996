#!/usr/bin/env node
import { CommanderError } from 'commander'
import { createProgram } from './program.js'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// Node ends once nothing more can happen, and calls that a success.
process.once('beforeExit', failUnended)
void main().then(() => process.off('beforeExit', failUnended))

async function main(): Promise<void> {
  try {
    await createProgram().parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) await failEarly(error)
  }
}

function failUnended(): never {
  throw new Error('the command waits for something that cannot happen any more')
}

/** An error from before the options were understood; whether JSON is wanted has to be guessed. */
async function failEarly(error: unknown): Promise<void> {
  const { fail } = await import('./failure/fail.js')
  const { Output } = await import('./output/output.js')
  const args = process.argv.slice(2)
  const end = args.indexOf('--')
  const json = args.slice(0, end === -1 ? args.length : end).includes('--json')
  fail(new Output({ json, quiet: false }), error, new AbortController().signal)
}
