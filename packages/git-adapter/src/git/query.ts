import { simpleGit } from 'simple-git'
import { GitMissingError } from '../errors/git-errors.js'
import { gitEnvironment } from './environment.js'

/** The answer of a git command that was asked something: its text, and what it said when it failed. */
export interface Answer {
  readonly exitCode: number
  readonly text: string
  readonly stderr: string
}

/**
 * Asks git something that it answers with text, in a directory that the caller named (so that git's own discovery
 * of the repository applies). The one place that uses simple-git. It takes a failure that says nothing for a success
 * unless it is given an `errors` handler, and refuses our own hardening unless each part is allowed.
 *
 * @param gitDir the one to ask, where it is not left to git to find it
 */
export async function query(directory: string, args: readonly string[], gitDir?: string): Promise<Answer> {
  const environment = gitEnvironment(gitDir === undefined ? {} : { GIT_DIR: gitDir })
  let exitCode = 0
  let stderr = ''
  const git = simpleGit({
    baseDir: directory,
    errors: (error, result) => {
      if (result.exitCode < 0 && error !== undefined) return error
      exitCode = result.exitCode
      stderr = Buffer.concat(result.stdErr).toString('utf8')
      return undefined
    },
    allowEnvironment: Object.keys(environment),
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
    },
  })
  try {
    const text = await git.env(environment).raw([...args])
    return { exitCode, text, stderr }
  } catch (error) {
    if (error instanceof Error && error.message.includes('ENOENT')) throw new GitMissingError(error)
    throw error
  }
}
