import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, type TestContext } from 'vitest'

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url))

/** The exit code that says that this machine cannot run the campaign. */
const UNABLE = 77

/** Runs a campaign's short form; it skips the test, with the reason, where the campaign cannot be run. */
export async function expectNoViolation({ skip }: TestContext, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  const [exitCode] = (await once(child, 'close')) as [number | null]
  process.stdout.write(output)
  if (exitCode === UNABLE) skip(output.trim())
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
}
