// An agent: works on files of its own in its directory, with tokens that are nowhere else, and with git as agents do. It
// writes down each thing that it begins and that it has done. Its arguments: the ledger, the task, a seed, how many things.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as think } from 'node:timers/promises'
import { contentOf, Diary } from './diary.mjs'
import { Random } from './random.mjs'

const [ledger, task, seed, count] = process.argv.slice(2)
const random = new Random(Number(seed))
const diary = new Diary(ledger, task)
const directory = join('work', task)
const fresh = () => `${task}-${seed}-${random.below(1_000_000_000)}`

/** Things to do: the paths that each touches, and what does it and says which token each then has. */
const things = {
  make: () => writing(join(directory, `file-${random.below(1_000_000)}`)),
  change: () => writing(anyFile()),
  delete() {
    const path = anyFile()
    return [[path], () => (rmSync(path), { [path]: null })]
  },
  rename() {
    const [from, to] = [anyFile(), join(directory, `moved-${random.below(1_000_000)}`)]
    const token = fresh()
    const move = () => {
      renameSync(from, to)
      writeFileSync(to, contentOf(token))
      return { [from]: null, [to]: token }
    }
    return [[from, to], move]
  },
  stage: () => [[], stage],
  commit: () => [[], () => (stage(), git('commit', '--quiet', '--message', `${task} goes on`))],
  share: () => [[], () => (appendFileSync(join('shared', String(random.below(40))), `${fresh()}\n`), {})],
}

const LIKELY = { make: 6, change: 4, delete: 2, rename: 2, stage: 2, commit: 4, share: 1 }

function writing(path) {
  const token = fresh()
  return [[path], () => (writeFileSync(path, contentOf(token)), { [path]: token })]
}

function anyFile() {
  const names = readdirSync(directory).filter((name) => name !== 'always')
  return join(directory, random.of(names) ?? `file-${random.below(1_000_000)}`)
}

/**
 * Stages what is the agent's own. While somebody deletes the worktree below it, everything else looks as if the agent
 * had deleted it, and would be that once it was committed.
 */
function stage() {
  git('add', '--ignore-removal', '--', 'shared')
  return git('add', '--all', '--', directory)
}

/** Others may have locked something, or be killing it; an agent lives with that. */
function git(...args) {
  try {
    execFileSync('git', args, { stdio: 'ignore' })
  } catch {
    // The next commit takes it along.
  }
  return {}
}

// One by one: Node tries for ever to make directories above one another where the working directory was deleted.
for (const each of ['work', directory]) if (!existsSync(each)) mkdirSync(each)
for (let done = 0; done < Number(count); done++) {
  const [paths, act] = things[random.weighted(LIKELY)]()
  if (act === undefined) continue
  await think(random.below(20))
  diary.write({ begin: 'edit', paths })
  try {
    diary.write({ end: 'edit', tokens: act() })
  } catch (error) {
    // Its directory may have been deleted, and a file that it would rename may not be there.
    if (error.code !== 'ENOENT') throw error
  }
}
