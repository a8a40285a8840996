import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const programs = {
  addUnderLock: new URL('../programs/add-under-lock.mjs', import.meta.url),
  append: new URL('../programs/append.mjs', import.meta.url),
  appendOnDemand: new URL('../programs/append-on-demand.mjs', import.meta.url),
  count: new URL('../programs/count.mjs', import.meta.url),
  holdLock: new URL('../programs/hold-lock.mjs', import.meta.url),
  readBeside: new URL('../programs/read-beside.mjs', import.meta.url),
  repair: new URL('../programs/repair.mjs', import.meta.url),
  saveArchive: new URL('../programs/save-archive.mjs', import.meta.url),
}

/** Starts one of the programs beside these tests. They run on the built packages, as a user's process does. */
export function start(
  program: keyof typeof programs,
  ...args: (string | number)[]
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [fileURLToPath(programs[program]), ...args.map(String)])
  child.stderr.pipe(process.stderr)
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The child's exit code and all that it printed from now on; a child that was killed has the exit code null. */
export async function finished(
  child: ChildProcessWithoutNullStreams,
): Promise<{ exitCode: number | null; lines: string[] }> {
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await once(child, 'close')
  return { exitCode: child.exitCode, lines: text.split('\n').slice(0, -1) }
}

/** Sends a line to a child and answers with the next one that it prints. */
export function dialogue(child: ChildProcessWithoutNullStreams): (line: string) => Promise<string> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async (line) => {
    child.stdin.write(`${line}\n`)
    return String((await lines.next()).value)
  }
}
