import { startProgram, type RunningProgram } from './start-program.js'
import type { Order, Report } from './starter.js'

// The program of the starter: a small process that starts others for a large one.

const engine = process.ppid
const running = new Map<number, RunningProgram>()

process.on('message', (order: Order) => {
  if (order.kind === 'stop') return running.get(order.number)?.stop()
  // What an engine that has died still wanted is not done any more: another one may be at work by now.
  if (process.ppid === engine) start(order)
})
process.on('disconnect', () => process.exit())
report({ kind: 'ready' })

function start({ number, start: wanted }: Extract<Order, { kind: 'start' }>): void {
  const child = startProgram(wanted)
  running.set(number, child)
  if (child.pid !== undefined) report({ kind: 'started', number, pid: child.pid })
  child.end.then(
    (end) => tell({ kind: 'ended', number, end }),
    ({ code, message }: NodeJS.ErrnoException) =>
      tell({ kind: 'failed', number, code: code ?? null, message }),
  )
}

function tell(result: Extract<Report, { kind: 'ended' | 'failed' }>): void {
  running.delete(result.number)
  report(result)
}

function report(message: Report): void {
  // Nobody may be there to read it any more.
  process.send?.(message, undefined, undefined, () => undefined)
}
