import { join } from 'node:path'
import { isThere, readText } from '../files/look.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'

/** Files whose presence says that an operation is under way, and what to call it. */
const OPERATIONS: readonly (readonly [string, string])[] = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase or `git am`'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['sequencer', 'a series of cherry-picks or reverts'],
]

/** It looks for a commit, and makes nothing. */
const BISECTION = ['BISECT_LOG', 'a bisection'] as const

/** Where git keeps what it needs to go on with such an operation. */
export const STATE_FILES = [
  ...OPERATIONS.map(([file]) => file),
  'MERGE_MSG',
  'MERGE_MODE',
  'MERGE_AUTOSTASH',
  'REBASE_HEAD',
]

/** What git is in the middle of in a checkout, or null. */
export async function operationIn(gitDir: string): Promise<string | null> {
  return firstOf(gitDir, [...OPERATIONS, BISECTION])
}

/** What git is in the middle of making in a checkout, or null: until that is done, a commit would be half of it. */
export async function workInProgress(gitDir: string): Promise<string | null> {
  return firstOf(gitDir, OPERATIONS)
}

async function firstOf(gitDir: string, operations: typeof OPERATIONS): Promise<string | null> {
  for (const [file, operation] of operations) if (await isThere(join(gitDir, file))) return operation
  return null
}

/** Files in which git remembers commits for an operation that is under way. */
const REMEMBERED = [
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge/orig-head',
  'rebase-merge/onto',
  'rebase-merge/stopped-sha',
  'rebase-merge/autostash',
  'rebase-apply/orig-head',
  'rebase-apply/autostash',
  'MERGE_AUTOSTASH',
  'sequencer/head',
]

/** The commits that git remembers in a checkout for what it is in the middle of; nothing else may hold them. */
export async function commitsOfOperation(place: Place, gitDir: string): Promise<readonly string[]> {
  const texts = await Promise.all(REMEMBERED.map((file) => readText(join(gitDir, file))))
  const ids = new Set(texts.flatMap((text) => text?.match(/^[0-9a-f]{40,64}$/gm) ?? []))
  const commits =
    ids.size === 0
      ? []
      : await resolve(
          place,
          Array.from(ids, (id) => `${id}^{commit}`),
        )
  return commits.filter((commit) => commit !== null)
}
