import { pnpm } from './tools.mjs'

process.exitCode = pnpm(process.argv.slice(2)).status
