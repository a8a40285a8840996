import type { EntrySight, OperationSight, Survey, TaskState } from '@coppice/core'
import { DamagedObjectError } from '../errors/disk-errors.js'
import { resolve } from '../git/objects.js'
import { isMarkedLanding } from '../merge/landing-mark.js'
import { readHead } from '../repository/head.js'
import { operationIn } from '../repository/operation.js'
import type { Site } from '../site.js'
import { surveyBareFlags } from './bare-flags.js'
import { entrySights } from './entries.js'
import { surveyLanded } from './landed.js'
import { surveyLeaks } from './leaks.js'
import { surveyLeftovers } from './leftovers.js'
import { surveyLocks } from './locks.js'
import { surveyRefs } from './refs.js'
import { taskSight } from './task-sight.js'

/** Tasks that are looked at at the same time; each may start a git process. */
const CONCURRENCY = 8

/** Reads the real world. Takes no lock and changes nothing, so what it says may be over when it is said. */
export async function survey(
  site: Site,
  tasks: readonly TaskState[],
  wanted: readonly string[],
): Promise<Survey> {
  try {
    return await surveyAll(site, tasks, wanted)
  } catch (error) {
    if (!(error instanceof DamagedObjectError)) throw error
    return { ...nothingOf(site), damaged: [error.path] }
  }
}

function nothingOf({ repository, branchPrefix }: Site): Survey {
  return {
    commonDir: repository.commonDir,
    branchPrefix,
    tasks: {},
    entries: [],
    refs: {},
    commits: [],
    checkedOut: [],
    leftovers: [],
    locks: [],
    bareFlags: [],
    operations: [],
    landingMarked: false,
    leaks: [],
  }
}

async function surveyAll(
  site: Site,
  tasks: readonly TaskState[],
  wanted: readonly string[],
): Promise<Survey> {
  const { repository, branchPrefix } = site
  const [entries, refs] = await Promise.all([entrySights(site), surveyRefs(repository.place)])
  const landings = tasks.flatMap(({ landing }) => landing?.commit ?? [])
  const commits = await existing(site, [...wanted, ...landings])
  const landed = await surveyLanded(repository.place, tasks, refs, new Set(commits))
  return {
    commonDir: repository.commonDir,
    branchPrefix,
    tasks: await sightsOf(tasks, (task) => taskSight(site, task, { entries, refs, landed })),
    entries,
    refs,
    commits,
    checkedOut: await checkedOut(site, entries),
    leftovers: await surveyLeftovers(site, tasks),
    locks: await surveyLocks(site),
    bareFlags: await surveyBareFlags(repository, entries),
    operations: await surveyOperations(site),
    landingMarked: await isMarkedLanding(site),
    leaks: await surveyLeaks(site, tasks),
  }
}

async function sightsOf<T>(
  tasks: readonly TaskState[],
  look: (task: TaskState) => Promise<T>,
): Promise<Record<string, T>> {
  const sights: Record<string, T> = {}
  const waiting = tasks.values()
  const worker = async (): Promise<void> => {
    for (const task of waiting) sights[task.id] = await look(task)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return sights
}

async function existing({ repository }: Site, commits: readonly string[]): Promise<readonly string[]> {
  if (commits.length === 0) return []
  const found = await resolve(
    repository.place,
    commits.map((commit) => `${commit}^{commit}`),
  )
  return [...new Set(found.filter((commit) => commit !== null))]
}

async function checkedOut({ repository }: Site, entries: readonly EntrySight[]): Promise<readonly string[]> {
  const main = repository.bare ? null : ((await readHead(repository.commonDir))?.branch ?? null)
  return [main, ...entries.map(({ branch }) => branch)].filter((branch) => branch !== null)
}

async function surveyOperations({ repository }: Site): Promise<readonly OperationSight[]> {
  const { mainWorkTree: workTree, commonDir } = repository
  const operation = workTree === null ? null : await operationIn(commonDir)
  return workTree === null || operation === null ? [] : [{ workTree, operation }]
}
