import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { GitError, gitFailure, GitMissingError } from '../errors/git-errors.js'
import { STARTER } from '../process/starter.js'
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
 * Runs a git command at a place. This is the one file that has git run without simple-git: it needs stdin, output in
 * bytes (file names need not be UTF-8) and a process group that dies with a cancelled operation.
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

async function spawned(
  cwd: string,
  variables: Variables,
  { args, input = '' }: GitCommand,
  signal?: AbortSignal,
): Promise<GitResult> {
  const { end, stop } = STARTER.start({ program: 'git', args, cwd, env: gitEnvironment(variables), input })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const { exitCode, stdout, stderr } = await end.catch((error: unknown) => {
      throw notStarted(error as NodeJS.ErrnoException, args, cwd)
    })
    signal?.throwIfAborted()
    const said = stderr.toString('utf8')
    if (exitCode === null) throw new GitError(args, null, said)
    return { exitCode, stdout, stderr: said }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** Node tells a missing directory and a missing program alike. */
function notStarted(error: NodeJS.ErrnoException, args: readonly string[], cwd: string): Error {
  if (!existsSync(cwd)) return new GitError(args, null, `${cwd} is gone`)
  return error.code === 'ENOENT' ? new GitMissingError(error) : new GitError(args, null, error.message)
}
