import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BENCH = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url))

export const SECONDS = 1_000

export interface Ended {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Runs the benchmarks with a temporary directory where nothing was installed before, and where no registry answers. */
export function bench(scratch: string, ...args: string[]): Promise<Ended> {
  const env = {
    ...process.env,
    TMPDIR: scratch,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [BENCH, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr })
    })
  })
}

/**
 * Runs the benchmarks until they tell of something, looks, and ends them there.
 *
 * @returns what was seen
 */
export async function endAt<T>(words: string, look: () => T, ...args: string[]): Promise<T> {
  const running = spawn(process.execPath, [BENCH, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  for await (const chunk of running.stderr) {
    told += String(chunk)
    if (told.includes(words)) break
  }
  const seen = look()
  running.kill('SIGTERM')
  await once(running, 'close')
  return seen
}

/** The cells of the table's rows, without its heading. */
export function rowsOf(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('| '))
  const rows = lines.map((line) => line.slice(2, -2).split(' | '))
  return rows.slice(rows.findIndex(([cell]) => cell === 'measure') + 2)
}
