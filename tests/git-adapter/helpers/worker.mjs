// A process of its own with an engine on a repository: it says each step that it has finished, and may be killed.
// Usage: node worker.mjs <repository> <job> <prefix> <count> [<user>]
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Engine } from '@coppice/core'
import { GitWorkspace, openRepository } from '@coppice/git-adapter'
import { FileLocks, openFileLog } from '@coppice/store'

const [root, job, prefix, count, uid] = process.argv.slice(2)
if (uid !== undefined) {
  process.setgroups([])
  process.setgid(Number(uid))
  process.setuid(Number(uid))
}
const repository = await openRepository(root)
const state = join(repository.commonDir, 'coppice')
const locks = new FileLocks(join(state, 'locks'))
const clock = { now: () => new Date().toISOString(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) }
const engine = await Engine.open({
  log: await openFileLog(state),
  workspace: new GitWorkspace({ repository, locks }),
  locks,
  agents: { isAlive: async () => false },
  clock,
  snapshots: null,
})
const command = (id, type, data) => engine.command(id, { type, data })
const say = (line) => writeSync(1, `${line}\n`)

const jobs = {
  async create(id) {
    await engine.create({ id })
  },
  async unreadable(id) {
    engine.listeners.on('problem', ({ error }) => say(`problem ${error.message}`))
    const { path } = await engine.create({ id })
    const [directory, file] = [join(path, 'secret'), join(path, 'hidden')]
    mkdirSync(directory)
    writeFileSync(join(directory, 'inner'), 'x')
    writeFileSync(file, 'x')
    chmodSync(directory, 0)
    chmodSync(file, 0)
    await command(id, 'task.park', { reason: null })
    chmodSync(file, 0o600)
    chmodSync(directory, 0o500)
    await engine.recover()
    say(`worktree ${engine.find(id).worktree} ${existsSync(path)}`)
    await command(id, 'task.resume', {})
    say(`inner ${readFileSync(join(directory, 'inner'), 'utf8')}`)
  },
  async live(id, index) {
    const { path } = await engine.create({ id })
    writeFileSync(join(path, `${id}.committed`), id)
    execFileSync('git', ['add', '--all'], { cwd: path })
    execFileSync('git', ['commit', '--quiet', '--message', id], { cwd: path })
    writeFileSync(join(path, `${id}.staged`), id)
    execFileSync('git', ['add', '--all'], { cwd: path })
    writeFileSync(join(path, `${id}.untracked`), id)
    say(`wrote ${id}`)
    await engine.checkpoint(id, undefined)
    await command(id, 'task.park', { reason: null })
    await command(id, 'task.resume', {})
    if (index % 3 === 0) await command(id, 'task.abandon', { reason: null })
    else await command(id, 'task.merge', { strategy: 'merge', into: 'main', verify: ['true'], message: id })
  },
}

say('ready')
const ids = Array.from({ length: Number(count) }, (_, index) => `${prefix}${index}`)
await Promise.all(ids.map((id, index) => jobs[job](id, index)))
say('done')
await engine.close()
