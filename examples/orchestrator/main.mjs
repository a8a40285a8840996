// The orchestrator at work in a throw-away repository: `node main.mjs`. Its agents are shell commands.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCoppice } from 'coppice'
import { orchestrate } from './orchestrator.mjs'

const directory = mkdtempSync(join(tmpdir(), 'coppice-orchestrator-'))
const repo = join(directory, 'project')
const git = (...args) => execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8' })
execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', repo])
git('config', 'user.name', 'A Person')
git('config', 'user.email', 'person@example.org')
git('commit', '--quiet', '--allow-empty', '--message', 'begin')

const team = {
  plan: async (goal) => goal.split(', ').map((part) => ({ id: part, title: `Write the ${part}` })),
  work: (task) => task.run(['sh', '-c', `echo 'the ${task.id}' > ${task.id}.txt`]),
}

const coppice = await openCoppice({ repo })
await orchestrate(coppice, 'api, docs, ui', team)
await coppice.close()
process.stdout.write(git('log', '--oneline', '--stat', 'main'))
rmSync(directory, { recursive: true })
