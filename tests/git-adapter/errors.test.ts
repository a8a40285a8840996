import { GitError, SetupError } from '@coppice/git-adapter'
import { expect, test } from 'vitest'

test.each([
  [new GitError(['fetch', 'x'], 2, 'no'), 'git fetch failed (exit 2): no'],
  [
    new GitError(['fetch'], null, '/a is gone'),
    'git fetch could not be run, or was ended by a signal: /a is gone',
  ],
  [new SetupError(['make', 'x'], 2, 'no\n'), 'the setup command `make x` failed (exit 2): no'],
  [
    new SetupError(['make'], null, 'ENOENT'),
    'the setup command `make` could not be run, or was ended by a signal: ENOENT',
  ],
])('an error says how a command ended', (error, message) => {
  expect(error.message).toBe(message)
})
