import { install } from './setup.mjs'
import { tool } from './tools.mjs'

const gates = {
  types: ['tsc', ['-b']],
  lint: ['oxlint', []],
  format: ['oxfmt', ['--check']],
  'dead code': ['knip', []],
  tests: ['vitest', ['run']],
}
if (process.argv.includes('--no-tests')) delete gates.tests

install()
const failed = Object.entries(gates).filter(([name, [command, args]]) => {
  process.stdout.write(`── ${name}\n`)
  return tool(command, args).status !== 0
})
if (failed.length > 0) process.stderr.write(`check failed: ${failed.map(([name]) => name).join(', ')}\n`)
process.exitCode = failed.length > 0 ? 1 : 0
