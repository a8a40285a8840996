const NEWLINE = 0x0a
const TORN = /^torn-(\d+)-(\d+)(-\d+)?\.bin$/
const TEMPORARY = /^\d+\.jsonl\.tmp$/

/**
 * Looks whether an append has lost bytes: what a file held has to be in it still, but for empty lines at its end, or in
 * a file for what was cut off. Answers with a sentence for every file that has lost some.
 */
export function keptBytes(before, after) {
  const names = [...before.keys()].filter((name) => !TEMPORARY.test(name))
  return names
    .filter((name) => !isKept(name, before, after))
    .map((name) => `an append has lost bytes of ${name}`)
}

function isKept(name, before, after) {
  const [old, now] = [before.get(name), after.get(name)]
  if (now === undefined) return false
  const content = withoutRoom(old)
  if (now.subarray(0, content.length).equals(content)) return true
  const torn = [...after.keys()].filter((other) => !before.has(other) && TORN.test(other))
  return torn.some((other) => {
    const [, number, at] = TORN.exec(other)
    const offset = Number(at)
    return (
      name === `${number}.jsonl` &&
      now.subarray(0, offset).equals(old.subarray(0, offset)) &&
      withoutRoom(after.get(other)).equals(withoutRoom(old.subarray(offset)))
    )
  })
}

function withoutRoom(bytes) {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== NEWLINE) + 1)
}
