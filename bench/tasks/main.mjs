import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machine } from '../harness/machine.mjs'
import { publish } from '../harness/results.mjs'
import { scratchIn } from '../harness/scratch.mjs'
import { git } from './git.mjs'
import { peerVersions } from './peers.mjs'
import { planned } from './plan.mjs'
import { Repositories } from './repository/repositories.mjs'
import { alternating } from './scenarios/alternating.mjs'
import * as life from './scenarios/life.mjs'
import * as list from './scenarios/list.mjs'
import * as scale from './scenarios/scale.mjs'

/** Those that are no pair of operations of one open process. */
const OTHERS = { life, list, scale }

/**
 * Measures what an orchestrator waits for: tasks that are made, checkpointed, merged and removed, beside git itself, a
 * script and another tool.
 *
 * @param {import('../harness/arguments.mjs').Options} options
 */
export async function run(options) {
  const { rounds, directory, peers } = options
  const scratch = scratchIn(directory)
  useOwnConfiguration(scratch)
  const repositories = new Repositories(scratch)
  const rows = []
  for (const { scenario, entry } of planned(options)) {
    process.stderr.write(`${scenario}, ${entry.files} files\n`)
    const rowsOf = OTHERS[scenario]?.rowsOf ?? alternating(scenario)
    rows.push(...(await rowsOf({ entry, repositories, rounds, peers })))
  }
  const results = {
    title: 'Tasks, side by side',
    explanation: `Written by \`pnpm bench tasks\`, with a plot of the same beside it. Each ratio is the median of all rounds (${rounds}), and a round measures both sides one after the other; ../README.md says more.`,
    surroundings: [
      ...machine(directory),
      ['git', (await git(scratch, '--version')).replace('git version ', '')],
      ...(peers ? peerVersions() : []),
    ],
    rows,
    isPlotted: true,
  }
  publish(results, options)
}

/** What the user has told git to do would differ from machine to machine, and some tools write there. */
function useOwnConfiguration(scratch) {
  const path = join(scratch, 'gitconfig')
  writeFileSync(path, CONFIGURATION)
  process.env['GIT_CONFIG_GLOBAL'] = path
  process.env['GIT_CONFIG_NOSYSTEM'] = '1'
}

// Housekeeping that git starts behind a command would fall into whatever is measured then.
const CONFIGURATION = `[user]
	name = Bench
	email = bench@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
`
