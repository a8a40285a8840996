// Recovers and repairs a repository when all is over, and says what there is, as JSON.
import { openCoppice } from 'coppice'

const problems = []
const note = ({ task, error }) => problems.push(`${task}: ${error.code ?? error.stack} ${error.message}`)
const coppice = await openCoppice({ repo: process.argv[2], checkpointInterval: 0 })
coppice.on('problem', note)
const { repaired, failed } = await coppice.repair()
const again = await coppice.repair()
const inWords = ({ code, task, subject, meaning, severity }) => ({ code, task, subject, meaning, severity })
const states = coppice.tasks().map(({ state }) => state)
process.stdout.write(
  JSON.stringify({
    problems,
    repaired: repaired.map(inWords),
    failed: failed.map(({ drift, reason }) => Object.assign(inWords(drift), { reason })),
    repairedAgain: again.repaired.map(inWords),
    drifts: again.diagnosis.drifts.map(inWords),
    states: states.map(({ id, status, branch, path, checkpoint, landing }) => ({
      id,
      status,
      branch,
      path,
      checkpoint,
      landing,
    })),
  }),
)
await coppice.close()
