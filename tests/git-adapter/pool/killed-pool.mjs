// Fills the pool, or makes a task of a ready worktree, and is killed for real before its n-th change of anything below a directory,
// or before or after one of its git processes.
// Usage: node killed-pool.mjs <repository> <fill|create> <revision> <directory> <n>; says `done` if it came to its end.
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const [root, job, revision, directory, n] = process.argv.slice(2)
let left = Number(n)

function step() {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['rename', 'rm', 'rmdir', 'mkdir', 'writeFile', 'open', 'unlink']) {
  const real = fs.promises[name]
  fs.promises[name] = (path, ...rest) => {
    if (String(path).startsWith(directory)) step()
    return real(path, ...rest)
  }
}
const { spawn } = childProcess
childProcess.spawn = (file, args, ...rest) => {
  if (file === 'git') step()
  const child = spawn(file, args, ...rest)
  if (file === 'git') child.on('close', step)
  return child
}
syncBuiltinESMExports()

const { Engine } = await import('@coppice/core')
const { GitWorkspace, openRepository } = await import('@coppice/git-adapter')
const { FileLocks, openFileLog } = await import('@coppice/store')
const repository = await openRepository(root)
const state = `${repository.commonDir}/coppice`
const locks = new FileLocks(`${state}/locks`)
const workspace = new GitWorkspace({ repository, locks })
const engine = await Engine.open({
  log: await openFileLog(state),
  workspace,
  locks,
  agents: { isAlive: async () => false },
  clock: { now: () => new Date().toISOString(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
  snapshots: null,
})
if (job === 'create') await engine.create({ id: 'fix', base: revision })
else await workspace.fillPool({ size: 1, maxBytes: 2 ** 30, revisions: [revision], wait: true })
await engine.close()
process.stdout.write('done\n')
