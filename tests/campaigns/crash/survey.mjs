import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tracer } from '../strace/tracer.mjs'
import { CALLS, gitProcesses, placesIn } from './tracing.mjs'

/**
 * Does a scenario once without any harm, and answers with what is there before and after the act and at the end, and
 * with the places at which it can be hurt: its git processes and their calls, and the calls of the engine's threads.
 */
export async function survey(stage, name, scenario) {
  await stage.prepare(name, scenario)
  const between = await seenAfter(stage, scenario.between)
  await stage.undisturbed(name)
  const before = await seenAfter(stage, '')
  await stage.prepare(name, scenario)
  const player = await stage.player({ CRASH_HOW: 'survey', CRASH_CALLS: CALLS.join() })
  const threads = await traced(stage, player)
  await act(stage, player, scenario)
  const { states } = await player.does({ do: 'states' })
  await player.does({ do: 'close' })
  await player.end()
  const processes = gitProcesses(stage.danger)
  const engine = await threads.calls()
  const after = await stage.look(states)
  const end = await finish(stage, scenario)
  return { expected: { before, after, between, end }, processes, engine }
}

/** Does what a scenario is about; answers with the act's answer, or null when the process was killed. */
export async function act(stage, player, { act: asked, drift }) {
  const opened = await player.asks({ do: 'open', repo: stage.repo, recover: drift === undefined })
  return opened?.ok ? player.asks(asked) : opened
}

/** Brings the task that was acted on to its end, in a process of its own. */
async function finish(stage, { act: { task } }) {
  const player = await stage.player()
  await player.does({ do: 'open', repo: stage.repo, recover: true })
  await player.does({ do: 'finish', task })
  const { states } = await player.does({ do: 'states' })
  await player.does({ do: 'close' })
  await player.end()
  return stage.look(states)
}

async function seenAfter(stage, script) {
  if (script === undefined) return null
  await stage.script(script)
  const player = await stage.player()
  await player.does({ do: 'open', repo: stage.repo, recover: false })
  const { states } = await player.does({ do: 'states' })
  await player.end()
  return stage.look(states)
}

/** Has strace write down the calls of each thread of a process that waits. */
async function traced(stage, player) {
  const tracers = []
  for (const [thread, id] of player.threads().entries()) {
    const output = join(stage.danger, `thread-${thread}`)
    const tracer = new Tracer(output, ['-p', String(id), '-e', `trace=${CALLS.join()}`])
    await tracer.attached()
    tracers.push({ thread, tracer, output })
  }
  return {
    async calls() {
      const found = []
      for (const { thread, tracer, output } of tracers) {
        await tracer.calls()
        const text = existsSync(output) ? readFileSync(output, 'utf8') : ''
        for (const { call, nth } of placesIn(text)) found.push({ thread, call, nth })
      }
      return found
    },
  }
}
