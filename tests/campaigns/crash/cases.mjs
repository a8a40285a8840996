import { draw } from '../draw.mjs'
import { scenarios } from './scenarios.mjs'

/** The task whose worktree is deleted, where it is the one that is acted on. */
const TO_BE_DELETED = 'edited'

/**
 * What can befall at a git process: the engine alone is killed before it (git goes on: at once, or only after the next
 * engine has begun) or after it, git alone, or both; or the worktree of the task is deleted.
 */
const AT_A_PROCESS = [
  ['engine-before', 'engine-beside', 'engine-after'],
  ['git-before', 'git-after', 'all-before', 'delete-before'],
].flat()

/** What can befall at a call of git's: git alone is killed, or the engine too. */
const AT_A_CALL = ['git-call', 'all-call']

/** What befalls the recovery from a kill, and the git process of its at which it does, at most. */
const AGAIN = ['engine-before', 'engine-after', 'git-after', 'all-before']
const LAST_AGAIN = 24

/** How often at most; a recovery that comes to its end before the next place is the last. */
const AGAINS = 3

/** Every case of a scenario: its `id`, its `group`, and the kills, one after the other. */
export function casesOf(name, { processes, engine }, seed) {
  const { task } = scenarios[name].act
  const hurts = AT_A_PROCESS.filter((how) => !how.startsWith('delete') || task === TO_BE_DELETED)
  const atProcesses = processes.flatMap(({ number }) =>
    hurts.map((how) => [{ how, at: number, id: `${how}/${number}` }]),
  )
  const atCalls = processes.flatMap(({ number, places }) =>
    places.flatMap((place) =>
      AT_A_CALL.map((how) => [
        { how, at: number, ...place, id: `${how}/${number}/${place.call}/${place.nth}` },
      ]),
    ),
  )
  const inEngine = engine.map(({ thread, call, nth }) => [
    { how: 'engine-call', thread, call, nth, id: `engine-call/${thread}/${call}/${nth}` },
  ])
  const twice = [...atProcesses, ...atCalls, ...inEngine]
    .filter(([{ how }]) => !how.startsWith('git'))
    .map(([first]) => [first].concat(agains(seed, `${name}/${first.id}`)))
  return [...atProcesses, ...atCalls, ...inEngine, ...twice].map((kills) => ({
    id: [name, ...kills.map(({ id }) => id)].join('/'),
    group: `${kills[0].how}${kills.length > 1 ? ', and again' : ''}`,
    scenario: name,
    kills,
  }))
}

function agains(seed, name) {
  return Array.from({ length: AGAINS }, (_, nth) => again(seed, name, nth))
}

function again(seed, name, nth) {
  const part = nth === 0 ? name : `${name}/${nth}`
  return killFrom(AGAIN[draw(seed, `${part}/how`, AGAIN.length)], 1 + draw(seed, `${part}/at`, LAST_AGAIN))
}

function killFrom(how, at) {
  return { how, at, id: `then/${how}/${at}` }
}

/** The case that an id says, which need not be one that was drawn. */
export function caseOf(id) {
  const [scenario, how, ...rest] = id.split('/')
  const [first, ...later] = rest.join('/').split('/then/')
  const place = first.split('/')
  const kill = { how, id: `${how}/${first}`, ...placeOf(how, place) }
  const kills = [kill, ...later.map((text) => killFrom(text.split('/')[0], Number(text.split('/')[1])))]
  return { id, group: how, scenario, kills }
}

function placeOf(how, [at, call, nth]) {
  if (how === 'engine-call') return { thread: Number(at), call, nth: Number(nth) }
  return { at: Number(at), call, nth: Number(nth) }
}
