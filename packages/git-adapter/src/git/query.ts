import { GitMissingError } from '../errors/git-errors.js'
import { gitEnvironment } from './environment.js'
import { variablesOf, type Place } from './place.js'

/** The answer of a git command that was asked something. */
export interface Answer {
  readonly exitCode: number
  readonly text: string
}

/**
 * Asks git something that it answers with text. The one place that uses simple-git, and it loads it when first something is
 * asked, for most commands ask nothing that way. It takes a failure that says nothing for a success unless it is given an
 * `errors` handler, and refuses our own hardening unless each part is allowed.
 */
export async function query(place: Place, args: readonly string[]): Promise<Answer> {
  const { simpleGit } = await import('simple-git')
  const environment = gitEnvironment(variablesOf(place))
  let exitCode = 0
  const git = simpleGit({
    baseDir: place.gitDir,
    errors: (error, result) => {
      if (result.exitCode < 0 && error !== undefined) return error
      exitCode = result.exitCode
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
    return { exitCode, text }
  } catch (error) {
    if (error instanceof Error && error.message.includes('ENOENT')) throw new GitMissingError(error)
    throw error
  }
}
