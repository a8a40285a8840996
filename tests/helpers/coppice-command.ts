import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { TestRepository } from './repository.js'

/** The built command, as it is installed. */
export const COPPICE = fileURLToPath(new URL('../../packages/coppice/dist/bin/coppice.js', import.meta.url))

export interface CommandResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Root too finds that it may not write where a file's mode says so. */
  readonly boundByModes?: boolean
}

/** Takes from root, and from nobody else, the right to pass over the modes of files. */
const UNPRIVILEGED =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : []

/** Runs the command to its end. */
export function coppice(
  repository: TestRepository,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return startCoppice(repository, args, options).ended
}

/** A command that still runs. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<CommandResult>
  /** Resolves when stdout holds the text. */
  readonly printed: (text: string) => Promise<void>
}

/** Starts the command; it is killed when the test ends, if it still runs then. */
export function startCoppice(
  repository: TestRepository,
  args: readonly string[],
  { cwd = repository.path, env = {}, input, boundByModes = false }: CommandOptions = {},
): RunningCommand {
  const [program, ...before] = [...(boundByModes ? UNPRIVILEGED : []), process.execPath]
  const child = spawn(program, [...before, COPPICE, ...args], { cwd, env: { ...repository.env, ...env } })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk))
  }
  if (input !== undefined) child.stdin.end(input)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...text }))
  const printed = async (wanted: string): Promise<void> => {
    while (!text.stdout.includes(wanted)) {
      const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)])
      if (over && !text.stdout.includes(wanted)) throw new Error(`ended without ${wanted}: ${text.stderr}`)
    }
  }
  return { child, ended, printed }
}

/** Runs the command with --json and answers with what it printed; throws unless it succeeded. */
export async function coppiceJson<T>(repository: TestRepository, args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await coppice(repository, ['--json', ...args])
  if (code !== 0) throw new Error(`coppice ${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as T
}

/** The error that a command with --json told as its only line on stderr. */
export function errorOf({
  stderr,
}: CommandResult): { readonly code: string; readonly message: string } & Record<string, unknown> {
  const lines = stderr.trimEnd().split('\n')
  if (lines.length !== 1) throw new Error(`expected one line of error, got: ${stderr}`)
  return (JSON.parse(stderr) as { error: { code: string; message: string } }).error
}
