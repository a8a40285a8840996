import type { SimulatedRepository } from '../../git-model/repository.js'

/** What a revision is: a commit, and the ref by which it was found, if it was. */
export interface ResolvedRevision {
  readonly commit: string
  readonly ref: string | null
}

/** Where git looks for a short name, in this order. */
const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

/** Characters that an abbreviated id has at least. */
const MIN_ID = 4

/** Resolves `HEAD`, a ref, a commit, or one of these with `~<n>` and `^<n>` behind it; null for what names no commit. */
export function resolveRevision(repository: SimulatedRepository, revision: string): ResolvedRevision | null {
  const [, name = '', way = ''] = /^(.*?)((?:[~^]\d*)*)$/.exec(revision) ?? []
  const start = startOf(repository, name)
  if (start === null || way === '') return start
  const commit = [...way.matchAll(/([~^])(\d*)/g)].reduce<string | null>(
    (at, [, sign, count]) => follow(repository, at, sign === '~', count === '' ? 1 : Number(count)),
    start.commit,
  )
  return commit === null ? null : { commit, ref: null }
}

function startOf(repository: SimulatedRepository, name: string): ResolvedRevision | null {
  if (name === 'HEAD') {
    const commit = repository.commitOf(repository.head)
    return commit === null ? null : { commit, ref: null }
  }
  for (const place of PLACES) {
    const commit = name === '' ? null : repository.refs.get(`${place}${name}`)
    if (commit !== null) return { commit, ref: `${place}${name}` }
  }
  const isId = /^[0-9a-f]+$/.test(name) && name.length >= MIN_ID
  const [commit, another] = isId ? repository.objects.commitsNamed(name) : []
  return commit === undefined || another !== undefined ? null : { commit, ref: null }
}

/** So many first parents back, or to the parent of that number. */
function follow(
  { objects }: SimulatedRepository,
  from: string | null,
  isBack: boolean,
  count: number,
): string | null {
  if (!isBack && count > 0) return from && (objects.commit(from).parents[count - 1] ?? null)
  let at = from
  for (let left = isBack ? count : 0; at !== null && left > 0; left--)
    at = objects.commit(at).parents[0] ?? null
  return at
}
