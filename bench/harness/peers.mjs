import { hash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../scripts/tools.mjs'

/**
 * Installs what the benchmarks compare with, given as the fields of a package.json, in a folder of its own under the
 * system's temporary directory, so that the project depends on none of it. A later run finds it there.
 *
 * @returns {{ home: string | null, problem: string | null }} the folder, or why there is none
 */
export function installPeer(name, manifest) {
  const json = JSON.stringify({ private: true, ...manifest }, null, 2)
  // Compiled code fits one version of Node's binary interface.
  const key = hash('sha256', `${json} ${process.versions.modules}`).slice(0, 12)
  const peers = join(tmpdir(), 'coppice-bench-peers')
  const home = join(peers, `${name}-${key}`)
  if (existsSync(home)) return { home, problem: null }

  process.stderr.write(`Installing ${name} in ${home} …\n`)
  mkdirSync(peers, { recursive: true })
  const unfinished = mkdtempSync(`${home}.`)
  try {
    writeFileSync(join(unfinished, 'package.json'), json)
    const { status, stderr } = run('npm', ['install'], {
      cwd: unfinished,
      stdio: 'pipe',
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) return { home: null, problem: `npm could not install it: ${firstErrors(stderr)}` }
    renameSync(unfinished, home)
    return { home, problem: null }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function firstErrors(stderr) {
  const errors = stderr.split('\n').filter((line) => line.startsWith('npm error'))
  return errors
    .slice(0, 3)
    .map((line) => line.slice('npm error '.length))
    .join('; ')
}
