import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const WHEN = '1767323045 +0000'

/**
 * Commits files to a branch without a checkout. Others of the branch's files stay as they are.
 *
 * @param {string} repository
 * @param {{ branch: string, from: string | null, files: Iterable<{ path: string, content: string }> }} commit `from`
 * is what the commit goes on from; null for a branch that begins with it
 */
export async function importCommit(repository, { branch, from, files }) {
  const importing = spawn('git', ['fast-import', '--quiet', '--force'], {
    cwd: repository,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const ended = once(importing, 'close')
  await pipeline(Readable.from(streamOf(branch, from, files)), importing.stdin)
  const [code] = await ended
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
}

function* streamOf(branch, from, files) {
  yield `commit refs/heads/${branch}\ncommitter Bench <bench@example.com> ${WHEN}\n${data(`${branch}\n`)}`
  if (from !== null) yield `from ${from}\n`
  for (const { path, content } of files) yield `M 100644 inline ${path}\n${data(content)}`
}

function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}
