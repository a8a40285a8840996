import { setup } from './setup.mjs'
import { npx } from './tools.mjs'

const versions = ['20.19.0', '22', '24']

setup()
const failed = versions.filter((version) => {
  process.stdout.write(`── Node ${version}\n`)
  return (
    npx(`node@${version}`, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]).status !== 0
  )
})
if (failed.length > 0) process.stderr.write(`failed on Node ${failed.join(', ')}\n`)
process.exitCode = failed.length > 0 ? 1 : 0
