// How many tasks a minute live their whole life, by a contender, and what of it takes how long.
import { report } from '../../harness/report.mjs'
import { median } from '../../harness/median.mjs'
import { git, pathsOf } from '../git.mjs'
import { open as openCoppice } from '../life/coppice.mjs'
import { edit, landedOn } from '../life/edit.mjs'
import { inParallel } from '../life/in-parallel.mjs'
import { mergedInTurn, mergingItself } from '../life/sandcastle.mjs'
import { open as openScript } from '../life/script.mjs'
import { flush } from '../quiet.mjs'

const contenders = {
  coppice: openCoppice,
  script: openScript,
  sandcastle: mergingItself,
  'sandcastle-in-turn': mergedInTurn,
}

const MS_PER_MINUTE = 60_000

await report(async ({ contender, repository, tasks, concurrency, home }) => {
  const opened = await contenders[contender](repository, { concurrency, home })
  const paths = await pathsOf(repository, 'main')
  // One comes first that is not counted, for what a process does when it is new.
  const lives = Array.from({ length: tasks + 1 }, (_, number) => ({ name: `task-${number}`, number }))
  const lived = []
  const problems = []

  const live = async ({ name, number }) => {
    const started = performance.now()
    let readyAt = null
    try {
      await opened.live({
        name,
        ready: () => (readyAt = performance.now()),
        edit: (path) => edit(path, { name, number, paths }),
      })
    } catch (error) {
      problems.push(`${name}: ${reasonIn(error.message)}`)
      return
    }
    lived.push({ name, ready: readyAt - started, rest: performance.now() - readyAt })
  }

  await live(lives[0])
  await flush()
  const started = performance.now()
  await inParallel(lives.slice(1), concurrency, live)
  const minutes = (performance.now() - started) / MS_PER_MINUTE
  await opened.close()

  const changes = await git(repository, 'status', '--porcelain', '--untracked-files=no')
  if (changes !== '') problems.push(`the checkout is left with ${changes.split('\n').length} files changed`)
  const landed = new Set(await landedOn(repository))
  const good = lived.filter(({ name }) => name !== lives[0].name && landed.has(name))
  if (good.length === 0) throw new Error(`none of ${tasks} tasks landed; ${problems[0]}`)
  return {
    rate: good.length / minutes,
    ready: median(good.map(({ ready }) => ready)),
    rest: median(good.map(({ rest }) => rest)),
    failed: tasks - good.length,
    retries: opened.retries(),
    problems,
  }
})

/** What git says before it fails is of no interest. */
function reasonIn(message) {
  const lines = message.split('\n')
  return lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines[0]
}
