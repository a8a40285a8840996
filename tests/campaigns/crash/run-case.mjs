import { isDeepStrictEqual } from 'node:util'
import { draw } from '../draw.mjs'
import { Tracer } from '../strace/tracer.mjs'
import { judge } from './judge.mjs'
import { act } from './survey.mjs'

/** Every so many cases the task is brought to its end, which takes as long as all the rest. */
const EVERY_END = 3

/**
 * Does a scenario with its kills, lets a fresh process recover, and looks at what is there then.
 *
 * @returns how many of the `kills` came to their place, the sentences that say what was `broken`, and the drifts that
 *   a repair had to mend (`mended`) although the repository had been opened
 */
export async function runCase(stage, scenario, { id, scenario: name, kills }, expected) {
  await stage.prepare(name, scenario)
  const { task } = scenario.act
  const first = await disturbed(stage, scenario, kills[0])
  const done = [first]
  for (const kill of kills.slice(1))
    if (done.at(-1).reached) done.push(await disturbed(stage, reopening(scenario), kill))
  const player = await stage.player()
  // Every second case is recovered by `repair` alone.
  const byOpening = draw('recovery', id, 2) === 0
  const { broken, mended } = await recover(stage, player, byOpening)
  const { states } = await player.does({ do: 'states' })
  const seen = await stage.look(states)
  const isDeleted = kills.some(({ how }) => how.startsWith('delete'))
  broken.push(...done.flatMap(({ answer }) => wrongAnswers(answer)))
  broken.push(...judge(seen, expected, task, { isAcknowledged: first.answer?.ok === true, isDeleted }))
  if (broken.length === 0 && draw('end', id, EVERY_END) === 0) {
    if (seen.tasks[task]?.status !== expected.after.tasks[task].status) await player.does(scenario.act)
    broken.push(...(await finish(stage, player, task, isDeleted ? null : expected.end)))
  }
  await player.end()
  return { kills: done.filter(({ reached }) => reached).length, broken, mended }
}

/** What follows a kill: the repository is opened, and nothing else is asked. */
function reopening(scenario) {
  return { ...scenario, act: { do: 'states' } }
}

/** Does the act in a process that is hurt. */
async function disturbed(stage, scenario, kill) {
  const { how, at, call, nth } = kill
  const fault = { CRASH_HOW: how, CRASH_AT: String(at), CRASH_CALL: call ?? '', CRASH_NTH: String(nth ?? '') }
  const player = await stage.player(fault)
  const tracer = how === 'engine-call' ? await underTracer(stage, player, kill) : null
  const answer = await act(stage, player, scenario)
  if (answer !== null) await player.asks({ do: 'close' })
  const wasKilled = await player.end()
  await tracer?.calls()
  const reached = how === 'engine-call' ? wasKilled : stage.wasReached
  if (how !== 'engine-beside') await stage.settled()
  return { answer, reached }
}

async function underTracer(stage, player, { thread, call, nth }) {
  const inject = `inject=${call}:signal=KILL:when=${nth}`
  const id = String(player.threads()[thread])
  const tracer = new Tracer(`${stage.danger}/thread`, ['-p', id, '-e', `trace=${call}`, '-e', inject])
  await tracer.attached()
  return tracer
}

/** An engine that lives on while its git is killed says what went wrong, in words that a program can tell apart. */
function wrongAnswers(answer) {
  if (answer === null || answer.ok || answer.code !== 'untyped') return []
  return [`an error without a code: ${answer.message}`]
}

/** Recovers at once, when git may still be at work, and again when what is left has come to rest. */
async function recover(stage, player, byOpening) {
  const open = () => player.does({ do: 'open', repo: stage.repo, recover: byOpening })
  await open()
  if (!byOpening) await player.does({ do: 'repair' })
  // What was thrown away is deleted then.
  await player.does({ do: 'close' })
  await stage.settled()
  stage.age()
  const opened = await open()
  const repair = await player.does({ do: 'repair' })
  const again = await player.does({ do: 'repair' })
  const broken = [
    ...opened.problems.map((problem) => `a problem while opening: ${problem}`),
    ...[...repair.failed, ...repair.problems].map((problem) => `a problem in the repair: ${problem}`),
    ...again.repaired.map((drift) => `the second repair repaired ${drift}`),
    ...(again.healthy ? [] : [`the doctor finds ${again.drifts.join(', ')}`]),
  ]
  return { broken, mended: byOpening ? repair.repaired.map((drift) => drift.split(' ')[0]) : [] }
}

/**
 * Brings the task to its end, as it would have come undisturbed.
 *
 * @param expected what is there then, or null where it may be anything sound
 */
async function finish(stage, player, task, expected) {
  await player.does({ do: 'finish', task })
  const { states } = await player.does({ do: 'states' })
  await player.does({ do: 'close' })
  const end = await stage.look(states)
  const broken = end.broken.map((sentence) => `in the end ${sentence}`)
  if (expected === null) return broken
  if (!isDeepStrictEqual(end.base, expected.base)) broken.push('in the end the base is not as undisturbed')
  for (const [id, { status }] of Object.entries(expected.tasks))
    if (end.tasks[id]?.status !== status) broken.push(`in the end ${id} is ${end.tasks[id]?.status}`)
  return broken
}
