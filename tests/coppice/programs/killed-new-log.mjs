// Begins a new log, and is killed for real before its n-th change of anything below a directory.
// Usage: node killed-new-log.mjs <repository> <directory> <n>; says `done` if it came to its end.
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [repo, directory, n] = process.argv.slice(2)
let left = Number(n)

function step() {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

const CHANGES = ['renameSync', 'mkdirSync', 'rmSync', 'ftruncateSync']
for (const name of CHANGES) {
  const real = fs[name]
  fs[name] = (path, ...rest) => {
    if (typeof path === 'number' || String(path).startsWith(directory)) step()
    return real(path, ...rest)
  }
}
const { openSync, writeSync } = fs
fs.openSync = (path, flags, ...rest) => {
  if (/[wa+]/.test(String(flags)) && String(path).startsWith(directory)) step()
  return openSync(path, flags, ...rest)
}
fs.writeSync = (...args) => {
  step()
  return writeSync(...args)
}
const { spawn } = childProcess
childProcess.spawn = (file, args, ...rest) => {
  if (file === 'git' && ['update-ref', 'commit-tree'].includes(args[0])) step()
  return spawn(file, args, ...rest)
}
syncBuiltinESMExports()

const { startNewLog } = await import('coppice')
const { tasks } = await startNewLog({ repo })
fs.writeSync = writeSync
process.stdout.write(tasks.length > 0 ? 'done\n' : 'nothing to do\n')
