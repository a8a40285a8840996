import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pnpm, root, run, tool } from './tools.mjs'

const stamp = join(root, 'node_modules/.coppice-install')
const captured = { stdio: 'pipe', encoding: 'utf8' }

/** Installs from the lockfile and builds. Prints nothing when nothing has to be done. */
export function setup() {
  install()
  build()
}

/** Installs from the lockfile, unless what is installed came from this lockfile and these manifests. */
export function install() {
  requireNode()
  const wanted = installHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  step('Installing the dependencies', () => pnpm(['install', '--frozen-lockfile'], captured))
  writeFileSync(stamp, wanted)
}

function build() {
  // These two projects refer to all the others but the tests, which run from their sources.
  const compile = () => tool('tsc', ['-b', 'packages/coppice', 'packages/testkit'], captured)
  const bundle = () => run(process.execPath, ['scripts/bundle.mjs'], captured)
  const both = () => {
    const compiled = compile()
    return compiled.status === 0 ? bundle() : compiled
  }
  const isFirst = !existsSync(join(root, 'packages/core/dist'))
  if (isFirst) step('Building', both)
  else exitIfFailed(both())
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  process.stderr.write(`Coppice needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}

/** A hash of all that decides what an install puts into node_modules. */
function installHash() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  )
  const manifests = ['.', 'tests', 'bench', ...folders].map((folder) => `${folder}/package.json`)
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function step(title, action) {
  const started = Date.now()
  process.stderr.write(`${title} … `)
  const result = action()
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stderr.write(result.status === 0 ? `done in ${seconds} s\n` : 'failed\n')
  exitIfFailed(result)
}

function exitIfFailed({ status, stdout, stderr }) {
  if (status === 0) return
  process.stderr.write(`${stdout}${stderr}`)
  process.exit(status)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
