import { spawn } from 'node:child_process'
import { withoutGit } from '../git/environment.js'
import { endGroup } from './end-group.js'

/** Bytes of a command's output that are kept: its end says why it failed. */
const KEPT_OUTPUT = 8_192

/** Milliseconds that a cancelled command has to end by itself. */
const GRACE_MS = 5_000

export interface CommandResult {
  /** Null when a signal ended it, or when it could not be started. */
  readonly exitCode: number | null
  /** The end of what it printed, both streams together. */
  readonly output: string
}

/**
 * Runs a command of the user's (setup, verification) in a directory, as a process group. When the command ends, or is
 * cancelled, all that is left of the group is ended too: nothing goes on working in a directory that may be moved or
 * removed. There is no time limit: only the caller knows how long a build may take.
 */
export function runCommand(
  directory: string,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const [file = '', ...args] = command
    const child = spawn(file, args, {
      cwd: directory,
      env: { ...withoutGit(process.env), ...variables },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let grace: NodeJS.Timeout | undefined
    const stop = (): void => {
      endGroup(child, 'SIGTERM')
      grace = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS)
    }
    let output = Buffer.alloc(0)
    const keep = (chunk: Buffer): void => {
      output = Buffer.concat([output, chunk]).subarray(-KEPT_OUTPUT)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ exitCode: null, output: error.message }))
    // Those left behind would also keep the streams open, and `close` waiting.
    child.on('exit', () => endGroup(child, 'SIGKILL'))
    child.on('close', (exitCode) => {
      clearTimeout(grace)
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted === true) return reject(signal.reason as Error)
      resolve({ exitCode, output: output.toString('utf8') })
    })
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted === true) stop()
  })
}
