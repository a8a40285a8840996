import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const quietNpm = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
}

/** Runs a program in the workspace root and returns spawnSync's result, with `status` never null. */
export function run(program, args, options = {}) {
  const env = { ...process.env, ...quietNpm, ...options.env }
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options, env })
  if (result.error) throw result.error
  return { ...result, status: result.status ?? 1 }
}

/** Runs a package of npm's registry without installing it in the workspace. */
export function npx(spec, args, options) {
  // On Windows npx is a batch file, which only a shell can start.
  return run('npx', ['--yes', spec, ...args], { shell: process.platform === 'win32', ...options })
}

/** Runs the pnpm that package.json pins, whether or not the machine has one of its own. */
export function pnpm(args, options) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return npx(packageManager, args, options)
}

/** Runs a command of a devDependency of the workspace root, under the Node that runs this script. */
export function tool(command, args, options) {
  const home = join(root, 'node_modules', command === 'tsc' ? 'typescript' : command)
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return run(process.execPath, [join(home, typeof bin === 'string' ? bin : bin[command]), ...args], options)
}
