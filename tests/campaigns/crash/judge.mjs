import { isDeepStrictEqual } from 'node:util'

/**
 * A sentence for every promise that is broken in what is seen after a recovery. Whatever was killed, the base, its
 * checkout and the task that was acted on are as before or as after the act, whole; all else is as it was.
 *
 * @param expected what was seen `before` and `after` the same act undisturbed, and `between`, or null
 * @param isAcknowledged whether the act was answered
 */
export function judge(seen, { before, after, between }, task, { isAcknowledged, isDeleted = false }) {
  const states = [before, after, ...(between === null ? [] : [between])]
  const bases = states.map(({ base }) => base)
  const broken = [...seen.broken]
  const now = seen.tasks[task]?.status
  // What was lost with a worktree is missing in a merge, too.
  const isOther = isDeleted && now === 'merged'
  if (!isOther && !bases.some((base) => isDeepStrictEqual(base, seen.base)))
    broken.push(`the base is neither as before nor as after: ${differences(seen.base, bases)}`)
  const hasLanded = isDeepStrictEqual(seen.base.main, after.base.main) && before.base.main !== after.base.main
  for (const id of Object.keys(seen.tasks)) {
    const others = id === task ? [before.tasks[id], after.tasks[id]] : [before.tasks[id]]
    broken.push(...judgeTask(id, seen.tasks[id], others.filter(Boolean), isDeleted && id === task))
  }
  for (const id of Object.keys(before.tasks)) if (!(id in seen.tasks)) broken.push(`the task ${id} is gone`)
  if (!isOther && hasLanded !== (now === 'merged') && before.tasks[task]?.status !== 'merged')
    broken.push(`the merge ${hasLanded ? 'has landed' : 'has not landed'}, and the log says ${now}`)
  if (isAcknowledged && now !== after.tasks[task]?.status)
    broken.push(`the act was acknowledged, and the task is ${now}`)
  if (isAcknowledged && !isDeleted && !isDeepStrictEqual(seen.tasks[task]?.held, after.tasks[task]?.held))
    broken.push(`the act was acknowledged, and the newest checkpoint of ${task} holds something else`)
  const known = new Set(states.flatMap(({ names }) => names).map(general))
  for (const name of new Set(seen.names))
    if (!known.has(general(name)) && !isAllowed(name)) broken.push(`.git/${name} is left over`)
  return broken
}

function judgeTask(id, seen, allowed, isDeleted) {
  const broken = []
  if (!allowed.some(({ status }) => status === seen.status))
    broken.push(`the task ${id} is ${seen.status}, and neither of ${allowed.map(({ status }) => status)}`)
  const contents = allowed.flatMap(({ content, held }) => (isDeleted ? [content, held] : [content]))
  const known = contents.filter((content) => content !== null)
  if (
    !known.some((content) => isDeepStrictEqual(content, seen.content)) &&
    (known.length > 0 || seen.content)
  )
    broken.push(`what the task ${id} holds has changed: ${differences(seen.content, known)}`)
  if (seen.onBranch === false) broken.push(`the worktree of ${id} is not on its branch`)
  if (seen.tip !== undefined && seen.tip !== seen.content.head)
    broken.push(`the branch of ${id} is not at its HEAD`)
  return broken
}

/** What git leaves in an entry when it does its work in another order. */
const HARMLESS = /^worktrees\/[^/]+\/(ORIG_HEAD|AUTO_MERGE|COMMIT_EDITMSG)$|^ORIG_HEAD$/

/** Pins hold what no fact speaks of, too; locks that were set aside are kept for a person. */
function isAllowed(name) {
  if (name.endsWith('.lock')) return false
  return HARMLESS.test(name) || /^(logs\/)?refs\/coppice\//.test(name) || name.startsWith('coppice/aside/')
}

function general(name) {
  return name.replace(/^worktrees\/[^/]+\//, 'worktrees/*/').replace(/^logs\/refs\/.*$/, 'logs/refs/*')
}

/** The lines in which a value differs from the closest of others. */
function differences(seen, others) {
  const parts = others.map((other) => {
    const [is, was] = [lines(seen), lines(other)]
    return [
      ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
      ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
    ]
  })
  return parts.toSorted((a, b) => a.length - b.length)[0]?.join(' | ') ?? JSON.stringify(seen)
}

function lines(value) {
  return JSON.stringify(value, null, 1).replaceAll('\\n', '\n').split('\n')
}
