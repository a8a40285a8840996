import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { namesIn, readText } from '../files/look.js'
import { git } from '../git/run.js'
import { SYSTEM_ATTRIBUTES, userFile } from '../git/user-files.js'
import { parseConfig, queryFor } from '../repository/settings.js'
import type { Site } from '../site.js'

/** All that decides which bytes git writes for a file, and how it keeps a worktree. */
const DECIDING = [
  String.raw`core\.(attributesfile|autocrlf|eol|filemode|ignorecase|precomposeunicode|protect.*|safecrlf|sparse.*|splitindex|symlinks|trustctime|checkstat)`,
  String.raw`attr\..*`,
  String.raw`filter\..*`,
  String.raw`lfs\..*`,
  String.raw`extensions\..*`,
  String.raw`index\..*`,
]

/**
 * A hash of what the user's git would do with the files of a new worktree: one that was filled while it was another is not what
 * git would make now. Null where a ready worktree would not do: in a sparse checkout, a partial clone, or with configuration or
 * refs that each worktree keeps in a way of its own, git makes every worktree itself.
 */
export async function checkoutSettings({ repository }: Site): Promise<string | null> {
  const { stdout } = await git(repository.place, { args: queryFor(DECIDING), answers: [1] })
  const values = parseConfig(stdout.toString('utf8'))
  if (repository.isPartial || UNFIT.some((unfit) => unfit(values))) return null
  // With objects that stand for others a commit's files change without the commit.
  if ((await namesIn(join(repository.commonDir, 'refs', 'replace'))).length > 0) return null
  const configured = values.get('core.attributesfile')
  const files = [
    join(repository.commonDir, 'info', 'attributes'),
    userFile('attributes', repository.commonDir, configured),
    SYSTEM_ATTRIBUTES,
  ]
  const attributes = await Promise.all(files.map(readText))
  return createHash('sha256')
    .update(JSON.stringify([stdout.toString('latin1'), attributes, process.umask()]))
    .digest('hex')
}

const UNFIT: readonly ((values: ReadonlyMap<string, string>) => boolean)[] = [
  (values) =>
    ![undefined, 'false', '0', 'no', 'off', ''].includes(values.get('core.sparsecheckout')?.toLowerCase()),
  (values) => ![undefined, 'false'].includes(values.get('extensions.worktreeconfig')?.toLowerCase()),
  (values) => ![undefined, 'files'].includes(values.get('extensions.refstorage')?.toLowerCase()),
]
