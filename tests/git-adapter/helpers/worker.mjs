// A process of its own with an engine on a repository: it says each step that it has finished, and may be killed.
// Usage: node worker.mjs <repository> <job> <prefix> <count>
import { execFileSync } from 'node:child_process'
import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Engine } from '@coppice/core'
import { GitWorkspace, openRepository } from '@coppice/git-adapter'
import { FileLocks, openFileLog } from '@coppice/store'

const [directory, job, prefix, count] = process.argv.slice(2)
const repository = await openRepository(directory)
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
