import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { GitError, gitFailure, GitMissingError } from '../errors/git-errors.js'
import { endGroup } from '../process/end-group.js'
import { keepFromBlocking } from '../process/unblock.js'
import { gitEnvironment } from './environment.js'
import { variablesOf, type Place } from './place.js'

/** A git command as a value: what to run, what to feed it, and which exit codes are answers rather than failures. */
export interface GitCommand {
  readonly args: readonly string[]
  readonly input?: string | Buffer
  /** 0 is always one. */
  readonly answers?: readonly number[]
}

export interface GitResult {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

/**
 * Runs a git command at a place. This is the one file that spawns git itself: it needs stdin, output in bytes (file
 * names need not be UTF-8) and a process group that dies with a cancelled operation.
 *
 * @throws {GitError} {DamagedObjectError} for an exit code that is no answer; the signal's reason when aborted
 */
export async function git(place: Place, command: GitCommand, signal?: AbortSignal): Promise<GitResult> {
  signal?.throwIfAborted()
  const keeper = keepFromBlocking(place)
  const result = await spawned(cwdOf(place), variablesOf(place), command, signal).finally(() => keeper.stop())
  if (result.exitCode !== 0 && !(command.answers ?? []).includes(result.exitCode)) {
    throw gitFailure(command.args, result.exitCode, result.stderr)
  }
  return result
}

/**
 * Asks git in a directory that a person named, where it finds the repository by its own rules. Every exit code is an answer.
 *
 * @throws {GitMissingError}
 */
export function gitFrom(directory: string, args: readonly string[]): Promise<GitResult> {
  return spawned(directory, {}, { args })
}

/** The trimmed text of a command that prints one line. */
export async function gitLine(place: Place, command: GitCommand, signal?: AbortSignal): Promise<string> {
  return (await git(place, command, signal)).stdout.toString('utf8').trim()
}

/** Starts a git command that is asked and answers by its pipes. */
export function startGit(place: Place, args: readonly string[]): ChildProcessWithoutNullStreams {
  return started(cwdOf(place), variablesOf(place), args)
}

function cwdOf({ workTree, gitDir }: Place): string {
  return workTree ?? gitDir
}

type Variables = Readonly<Record<string, string>>

function started(cwd: string, variables: Variables, args: readonly string[]): ChildProcessWithoutNullStreams {
  // A group of its own: a Ctrl-C in the terminal reaches the engine alone, which then decides what to stop.
  const env = gitEnvironment(variables)
  return spawn('git', args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
}

function spawned(
  cwd: string,
  variables: Variables,
  { args, input = '' }: GitCommand,
  signal?: AbortSignal,
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = started(cwd, variables, args)
    const abort = (): void => endGroup(child, 'SIGTERM')
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A command that ends before it has read its input is judged by its exit code.
    child.stdin.on('error', () => undefined)
    // Node tells a missing directory and a missing program alike.
    child.on('error', (error) => {
      reject(existsSync(cwd) ? new GitMissingError(error) : new GitError(args, null, `${cwd} is gone`))
    })
    child.on('close', (exitCode) => {
      signal?.removeEventListener('abort', abort)
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const said = Buffer.concat(stderr).toString('utf8')
      if (exitCode === null) return reject(new GitError(args, null, said))
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: said })
    })
    signal?.addEventListener('abort', abort, { once: true })
    child.stdin.end(input)
  })
}
