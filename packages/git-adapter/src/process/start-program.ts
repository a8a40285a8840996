import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { endGroup } from './end-group.js'

/** A program to be run, as a value. */
export interface ProgramStart {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly input: string | Buffer
}

/** What has come of it. */
export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
}

export interface RunningProgram {
  /** Rejects with the system's error where it could not be started. */
  readonly end: Promise<ProgramEnd>
  /** Asks it, and all that it has started, to end. */
  readonly stop: () => void
}

/** Runs a program in a group of its own: a Ctrl-C in the terminal reaches the engine alone, which then decides what to stop. */
export function startProgram(start: ProgramStart): RunningProgram & { readonly pid: number | undefined } {
  const { program, args, cwd, env, input } = start
  let child: ChildProcessWithoutNullStreams
  try {
    child = spawn(program, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    // So it tells of what nobody could start: in a directory that is a file, or with arguments that are too long.
    return { pid: undefined, end: Promise.reject(error), stop: () => undefined }
  }
  const end = new Promise<ProgramEnd>((resolve, reject) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that ends before it has read its input is judged by its exit code.
    child.stdin.on('error', () => undefined)
    child.on('error', reject)
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) })
    })
    child.stdin.end(input)
  })
  return { pid: child.pid, end, stop: () => endGroup(child, 'SIGTERM') }
}
