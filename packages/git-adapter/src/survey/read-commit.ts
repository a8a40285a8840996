import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { ENGINE } from '../repository/identity.js'

/** What a commit says. */
export interface CommitText {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  /** Whether it bears the engine's own name. */
  readonly isEngines: boolean
  /** Of its committer, in seconds since 1970. */
  readonly time: number
}

/** Reads a commit, or null where there is none or it is damaged. */
export async function readCommit(place: Place, commit: string): Promise<CommitText | null> {
  const { exitCode, stdout } = await git(place, { args: ['cat-file', 'commit', commit], answers: [1, 128] })
  if (exitCode !== 0) return null
  const text = stdout.toString('utf8')
  const end = text.indexOf('\n\n')
  const head = end === -1 ? text : text.slice(0, end)
  const values = (name: string): string[] =>
    head.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  const [tree] = values('tree')
  const [committer = ''] = values('committer')
  if (tree === undefined) return null
  return {
    tree,
    parents: values('parent'),
    message: end === -1 ? '' : text.slice(end + 2),
    isEngines: committer.startsWith(`${ENGINE.name} <${ENGINE.email}> `),
    time: Number(/ (\d+) [+-]\d+$/.exec(committer)?.[1] ?? 0),
  }
}
