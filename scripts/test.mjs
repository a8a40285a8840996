import { setup } from './setup.mjs'
import { tool } from './tools.mjs'

setup()
process.exitCode = tool('vitest', ['run', ...process.argv.slice(2)]).status
