import { constants } from 'node:os'
import type { Command } from 'commander'
import type { AgentExit } from '../../agent/start-agent.js'
import { acting } from '../session/acting.js'

export function define(command: Command): void {
  command
    .argument('<task>')
    .argument('<command...>', 'the program and its arguments, after --')
    .action((id: string, words: readonly string[]) =>
      acting(command, async ({ coppice, interrupts, signal }) => {
        const onStart = interrupts.handTo.bind(interrupts)
        const exit = await coppice.task(id).run(words, { signal, onStart })
        interrupts.takeBack()
        return passedOn(exit)
      }),
    )
}

/** A shell's way to say that a signal ended a command: 128 and the signal's number. */
const SIGNAL_BASE = 128

function passedOn({ exitCode, signal }: AgentExit): number {
  return exitCode ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal])
}
