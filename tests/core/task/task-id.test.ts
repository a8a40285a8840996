import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { isCoppiceError, MAX_TASK_ID_LENGTH, parseTaskId, streamOf, taskOf } from '@coppice/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const run = promisify(execFile)

/** Rejects when git would not take the id as part of a branch's name. */
function checkRefFormat(id: string): Promise<unknown> {
  return run('git', ['check-ref-format', `refs/heads/coppice/${id}`])
}

const GOOD = [
  'a',
  '0',
  'fix-login',
  'v1.2.3',
  'a_b-c.d',
  'a--b',
  'x'.repeat(MAX_TASK_ID_LENGTH),
  'con-1',
  'console',
  'com10',
  'head',
  'lock',
  'a.lock.b',
  'a.locked',
]

const BAD: readonly (readonly [id: string, problem: RegExp])[] = [
  ['', /empty/],
  ['..', /begin/],
  ['a..b', /"\.\."/],
  ['a/../b', /"\/"/],
  ['../../etc/passwd', /begin/],
  ['/etc/passwd', /begin/],
  ['a/b', /"\/"/],
  ['a\\b', /"\\\\"/],
  ['.', /begin/],
  ['.hidden', /begin/],
  ['-', /begin/],
  ['-D', /capital/],
  ['-rf', /begin/],
  ['--force', /begin/],
  ['_a', /begin/],
  ['a.', /ends/],
  ['a.lock', /ends/],
  ['x'.repeat(MAX_TASK_ID_LENGTH + 1), /65 characters/],
  ['x'.repeat(300), /300 characters/],
  ['Fix-Login', /capital/],
  ['fix-loGin', /capital/],
  ['con', /reserved/],
  ['nul', /reserved/],
  ['aux.txt', /reserved/],
  ['com1', /reserved/],
  ['lpt9.a.b', /reserved/],
  [' ', /begin/],
  ['a b', /" "/],
  ['a\n', /"\\n"/],
  ['a\u0000b', /"\\u0000"/],
  ['a\u001b[31m', /"\\u001b"/],
  ['a\u007fb', /holds/],
  ['a~1', /"~"/],
  ['a^', /"\^"/],
  ['a:b', /":"/],
  ['a@{0}', /"@"/],
  ['a?', /"\?"/],
  ['a*', /"\*"/],
  ['$(id)', /begin/],
  ['f\u0456x', /holds/],
  ['fi\u200bx', /holds/],
  ['fix\u202elogin', /holds/],
  ['fi\u0301x', /holds/],
  ['\u00e9', /begin/],
  ['\uff41', /begin/],
  ['a\u{1f333}', /holds/],
  ['a\ud800', /holds/],
  ['\u0131d', /begin/],
  ['a\u212a', /holds/],
]

function refusal(id: string): unknown {
  try {
    return parseTaskId(id)
  } catch (error) {
    return error
  }
}

describe('a task id is accepted', () => {
  test.each(GOOD)('%j', async (id) => {
    expect(parseTaskId(id)).toBe(id)
    await checkRefFormat(id)
  })
})

describe('a task id is refused with what is wrong and what to do', () => {
  test.each(BAD)('%j', (id, problem) => {
    expect(refusal(id)).toMatchObject({
      code: 'invalid-task-id',
      id,
      message: expect.stringMatching(problem) as string,
      hint: expect.stringContaining('fix-login') as string,
    })
  })

  test.each([undefined, null, 7, ['a'], {}])('%j, which is no string', (id) => {
    expect(refusal(id as string)).toMatchObject({ code: 'invalid-task-id' })
  })
})

describe('for any string at all', () => {
  const alphabet = fc.constantFrom(
    'a',
    'z',
    '0',
    '-',
    '_',
    '.',
    '.lock',
    '..',
    'con',
    'A',
    '/',
    '\u0000',
    'ı',
  )
  const nearlyAnId = fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join(''))
  const anything = fc.oneof(nearlyAnId, fc.string({ unit: 'binary', maxLength: 80 }))

  test('the id is returned as it is or refused as no id, and nothing else', () => {
    fc.assert(
      fc.property(anything, (id) => {
        const answer = refusal(id)
        expect(answer === id || isCoppiceError(answer, 'invalid-task-id')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('an accepted id is one plain name in a path, on file systems that fold case too', () => {
    fc.assert(
      fc.property(anything, (id) => {
        fc.pre(refusal(id) === id)
        expect(id).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/)
        expect(id.toLowerCase()).toBe(id)
        expect(id.normalize('NFKC')).toBe(id)
        expect(id).not.toMatch(/\.\.|\.$|\.lock$/)
      }),
    )
  })

  test('git takes an accepted id as a branch name', async () => {
    await fc.assert(
      fc.asyncProperty(nearlyAnId, async (id) => {
        fc.pre(refusal(id) === id)
        await expect(checkRefFormat(id)).resolves.toBeDefined()
      }),
      { numRuns: 60 },
    )
  })

  test('a stream leads back to its task', () => {
    fc.assert(
      fc.property(anything, (id) => {
        expect(taskOf(streamOf(id))).toBe(id)
      }),
    )
    expect(taskOf('pool/main')).toBeNull()
  })
})
