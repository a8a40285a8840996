import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '../../execute.mjs'
import { Disk } from '../disk.mjs'
import { ENVIRONMENT, tryGit } from './git.mjs'
import { CHECKED_OUT } from './protocol.mjs'
import { makeRepository } from './repository.mjs'

/**
 * Shows what plain git loses beside a durable log: it commits, a file that speaks of the commit is synced, and the power
 * is cut.
 *
 * @returns what is wrong with the branch after it; an empty string if nothing is
 */
export async function controlExperiment(options) {
  const disk = new Disk(options)
  const repo = join(disk.root, 'repo')
  makeRepository(repo)
  execute('sh', ['-euc', 'seq 1000 > new && git add new && git commit --quiet --message second'], {
    cwd: repo,
    env: ENVIRONMENT,
  })
  const log = openSync(join(disk.root, 'log'), 'w')
  writeSync(log, 'committed')
  fsyncSync(log)
  closeSync(log)
  const cut = await disk.prepareCut()
  await cut()
  disk.unmount()
  disk.mount()
  const { stderr } = tryGit(repo, ['rev-list', '--objects', CHECKED_OUT])
  disk.destroy()
  return stderr.trim()
}
