import { attempted, faultOf, numbered } from './places.mjs'
import { toBeKilled } from './scenarios.mjs'

/**
 * A case for every system call of every scenario, on every thread: the process is killed as it enters the call. The
 * calls that name the log's files are the same in every run. Of the others (waiting, waking, memory) there may
 * be fewer in another run; what they leave on the disk is what the next call on a file leaves.
 */
export async function killCases(stage) {
  const cases = []
  for (const [name, scenario] of Object.entries(toBeKilled)) {
    const survey = await stage.survey(scenario)
    if (name === 'roll' && survey.paths.filter((path) => path.endsWith('.jsonl')).length < 2)
      throw new Error('the scenario roll began no new segment')
    for (const place of numbered(survey)) {
      const { thread, call, isOnFile, nth } = place
      const mode = isOnFile ? 'file' : 'other'
      cases.push({
        id: `kill/${name}/${thread}/${mode}/${call}/${nth}`,
        group: isOnFile ? `kill/${name}` : 'kill/other',
        run: () => kill(stage, scenario, survey, place),
      })
    }
  }
  return cases
}

async function kill(stage, scenario, survey, place) {
  const fault = faultOf(survey, place, 'signal=KILL')
  return attempted(async () => {
    const run = await stage.run(scenario, fault)
    const { ledger, calls } = run
    const broken = stage.judge(scenario, run)
    const isKilled = !ledger.isDone && calls.length === place.nth && calls.at(-1).text.endsWith('= ?')
    if (isKilled || place.isOnFile)
      return { kind: `killed at ${place.call}`, ledger, broken, isReached: isKilled }
    return { kind: 'had ended before the call', ledger, broken, isReached: true }
  })
}
