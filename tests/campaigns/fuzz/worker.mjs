// Runs the cases that `workerData` names, and answers with what became of them.
import { parentPort, workerData } from 'node:worker_threads'
import { Cases } from './cases.mjs'

const BATCH = 500

// Errors are made by the hundred thousand here, and a case can be repeated with the traces of their stacks.
Error.stackTraceLimit = 0

const { seed, from, to, progress } = workerData
const cases = await Cases.of(seed)
let outcomes = new Map()
let violations = []
for (let number = from; number < to; number++) {
  Atomics.store(progress, 0, number)
  const { outcome, log, done, broken } = await cases.run(number)
  if (broken.length === 0) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  else violations.push({ number, outcome, name: log.name, done, broken })
  const isLast = number + 1 === to
  if (!isLast && (number + 1 - from) % BATCH > 0) continue
  Atomics.store(progress, 0, number + 1)
  parentPort.postMessage({ outcomes, violations, isLast }, [])
  outcomes = new Map()
  violations = []
}
