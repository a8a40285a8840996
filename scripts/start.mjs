import { join } from 'node:path'
import { setup } from './setup.mjs'
import { root, run } from './tools.mjs'

const mainJob = 'examples/main-job/main.mjs'

setup()
process.exitCode = run(process.execPath, [join(root, mainJob), ...process.argv.slice(2)]).status
