import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable, printableLines } from '../../../packages/coppice/src/cli/output/printable.js'
import { table } from '../../../packages/coppice/src/cli/output/table.js'

test('nothing printable holds a character that could move a terminal’s cursor or turn its text around', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      expect(printableLines(text).split('\n')).toHaveLength(text.split('\n').length)
    }),
  )
})

test('ordinary text stays as it is', () => {
  expect(printable('Grüße, 世界: “fix” – 100 %')).toBe('Grüße, 世界: “fix” – 100 %')
  expect(printable('a\u001b[31mb\nc')).toBe('a\\u001b[31mb\\u000ac')
})

test('a table aligns its columns and leaves no blanks at the ends of lines', () => {
  expect(
    table([
      ['A', 'B', 'C'],
      ['long', 'x', ''],
      ['s', 'longer', 'end'],
    ]),
  ).toBe('A     B       C\nlong  x\ns     longer  end')
})
