// Repairs a repository, and is killed for real before its n-th change of anything below a directory.
// Usage: node killed-repair.mjs <repository> <directory> <n>; says `done` if it came to its end.
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [repo, directory, n] = process.argv.slice(2)
let left = Number(n)

function step() {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['rename', 'rm', 'rmdir', 'mkdir', 'writeFile', 'link', 'open', 'unlink']) {
  const real = fs.promises[name]
  fs.promises[name] = (path, ...rest) => {
    const changes = name !== 'open' || /[wa]/.test(String(rest[0] ?? 'r'))
    if (changes && String(path).startsWith(directory)) step()
    return real(path, ...rest)
  }
}
const { spawn } = childProcess
childProcess.spawn = (file, args, ...rest) => {
  if (file === 'git' && ['update-ref', 'config', 'read-tree'].includes(args[0])) step()
  return spawn(file, args, ...rest)
}
syncBuiltinESMExports()

const { openCoppice } = await import('coppice')
const coppice = await openCoppice({ repo, recover: false })
const { failed } = await coppice.repair()
if (failed.length > 0) throw new Error(JSON.stringify(failed))
await coppice.close()
process.stdout.write('done\n')
