import { git } from '../git.mjs'
import { PlainWorktree } from '../plain.mjs'
import { serially } from './serially.mjs'

/** Commands on worktrees that run at the same time fail now and then, because one reads what another just writes. */
const MAX_ATTEMPTS = 10

/**
 * What one writes who knows git: worktrees are made, worked in and removed side by side, and tried again where git fails
 * for another one's sake. Merges come one after the other, for there is one checkout of `main`.
 */
export function open(repository) {
  const inTurn = serially()
  let retries = 0

  async function stubbornly(work, undo = async () => {}) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (attempt === MAX_ATTEMPTS) throw error
        retries++
        await undo()
      }
    }
  }

  return {
    async live({ name, edit, ready }) {
      const plain = new PlainWorktree(repository, name)
      await stubbornly(
        () => plain.add('main'),
        () => forget(plain),
      )
      ready()
      await edit(plain.path)
      await git(plain.path, 'add', '--all')
      await git(plain.path, 'commit', '--quiet', '--message', name)
      await inTurn(async () => {
        await git(repository, 'checkout', '--quiet', 'main')
        await git(repository, 'merge', '--quiet', '--no-edit', name)
      })
      await stubbornly(() => git(repository, 'worktree', 'remove', '--force', plain.path))
      await stubbornly(() => git(repository, 'branch', '--quiet', '-D', name))
    },
    retries: () => retries,
    close: async () => {},
  }
}

/** What a worktree leaves that was only half made: a branch, and maybe more, which the next attempt would trip over. */
async function forget({ repository, path, branch }) {
  await git(repository, 'worktree', 'remove', '--force', '--force', path).catch(isNone)
  await git(repository, 'branch', '--quiet', '-D', branch).catch(isNone)
}

/** Where there was none, it cannot be removed; what else went wrong shows in the next attempt. */
function isNone() {}
