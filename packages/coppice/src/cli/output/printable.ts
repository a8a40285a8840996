/**
 * Text from tasks, agents and files as a terminal may see it: control characters, which could move the cursor or
 * rewrite what was printed before, appear as escapes.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** Like `printable`, but lines stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** Control and format characters, the ones that reverse the direction of writing among them. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
