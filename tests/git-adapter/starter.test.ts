import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { ProgramEnd, ProgramStart } from '../../packages/git-adapter/src/process/start-program.js'
import { Starter, WORTH_STARTING } from '../../packages/git-adapter/src/process/starter.js'
import { eventually } from '../helpers/eventually.js'

/** The built one: a process of its own has no way to load the sources. */
const BUILT = new URL('../../packages/git-adapter/dist/process/starter-program.js', import.meta.url)
const BUILT_PATH = fileURLToPath(BUILT)
const NO_PROGRAM = new URL('not-there.js', import.meta.url)

const PATH = process.env['PATH'] ?? ''

function shell(script: string, rest: Partial<ProgramStart> = {}): ProgramStart {
  return { program: 'sh', args: ['-c', script], cwd: '/', env: { PATH }, input: '', ...rest }
}

/** A starter that has started enough for another process to do it from now on. */
async function busyStarter(program: URL = BUILT): Promise<Starter> {
  const starter = new Starter(program)
  await Promise.all(Array.from({ length: WORTH_STARTING }, () => starter.start(shell('true')).end))
  return starter
}

async function apart(): Promise<{ readonly starter: Starter; readonly pid: number }> {
  const starter = await busyStarter()
  await eventually(() => starter.pid !== null)
  const pid = starter.pid!
  onTestFinished(() => endIfThere(pid))
  return { starter, pid }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid)
  } catch {
    // It has ended by itself.
  }
}

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coppice-starter-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

async function parentOf(start: Promise<ProgramEnd>): Promise<number> {
  return Number((await start).stdout.toString())
}

test('a process that starts many programs has another one start them', async () => {
  const { starter, pid } = await apart()
  expect(await parentOf(starter.start(shell('echo $PPID')).end)).toBe(pid)
  expect(await parentOf(new Starter(BUILT).start(shell('echo $PPID')).end)).toBe(process.pid)
})

test('a program gets its input, directory and environment there, and answers in bytes', async () => {
  const { starter } = await apart()
  const directory = scratch()
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 100_000 }),
      fc.stringMatching(/^[\w .*'"$]*$/),
      fc.integer({ min: 0, max: 255 }),
      async (bytes, text, exitCode) => {
        const script = 'pwd >&2; printf %s "$TEXT" >&2; cat; exit "$CODE"'
        const env = { PATH, TEXT: text, CODE: String(exitCode) }
        const input = Buffer.from(bytes)
        const end = await starter.start(shell(script, { cwd: directory, env, input })).end
        expect(end.stdout.equals(input)).toBe(true)
        expect(end.stderr.toString()).toBe(`${directory}\n${text}`)
        expect(end.exitCode).toBe(exitCode)
      },
    ),
    { numRuns: 30 },
  )
})

test('what cannot be started says why, as the system does', async () => {
  const { starter } = await apart()
  const none = starter.start(shell('true', { program: 'coppice-has-no-such-program' }))
  await expect(none.end).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(starter.start(shell('true', { cwd: '/not-there' })).end).rejects.toMatchObject({
    code: 'ENOENT',
  })
})

test.each([
  ['a directory that is a file', { cwd: BUILT_PATH }, 'ENOTDIR'],
  ['more arguments than the system takes', { args: ['-c', 'true', 'x'.repeat(2 ** 20)] }, 'E2BIG'],
  ['a NUL byte', { args: ['-c', 'true\0'] }, 'ERR_INVALID_ARG_VALUE'],
])('so does what cannot be tried, for %s, and the others go on', async (_, rest, code) => {
  const { starter, pid } = await apart()
  const other = starter.start(shell('sleep 0.2; echo done'))
  await expect(starter.start(shell('true', rest)).end).rejects.toMatchObject({ code })
  expect((await other.end).stdout.toString()).toBe('done\n')
  expect(starter.pid).toBe(pid)
})

test('a program that is stopped ends with all that it has started', async () => {
  const { starter } = await apart()
  const file = join(scratch(), 'pid')
  const { end, stop } = starter.start(shell(`sh -c 'echo $$ > ${file}; exec sleep 60' & wait`))
  await eventually(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  const child = Number(readFileSync(file, 'utf8'))
  stop()
  expect(await end).toMatchObject({ exitCode: null })
  await eventually(() => !isThere(child))
})

test('when the other process is killed, its programs count as killed once they have ended, and the next are started here', async () => {
  const { starter, pid } = await apart()
  const directory = scratch()
  const [begun, done] = [join(directory, 'begun'), join(directory, 'done')]
  const { end } = starter.start(shell(`touch ${begun}; sleep 0.3; touch ${done}`))
  await eventually(() => existsSync(begun))
  process.kill(pid, 'SIGKILL')
  expect(await end).toMatchObject({ exitCode: null })
  expect(existsSync(done)).toBe(true)
  expect(await parentOf(starter.start(shell('echo $PPID')).end)).toBe(process.pid)
})

test('a program whose starter was lost can be stopped all the same', async () => {
  const { starter, pid } = await apart()
  const begun = join(scratch(), 'begun')
  const { end, stop } = starter.start(shell(`touch ${begun}; exec sleep 60`))
  await eventually(() => existsSync(begun))
  process.kill(pid, 'SIGKILL')
  await eventually(() => starter.pid === null)
  stop()
  expect(await end).toMatchObject({ exitCode: null })
})

test('a process that has nothing else to wait for hears that the other one was killed', async () => {
  const directory = scratch()
  const told = await runEngine(
    directory,
    `const { end } = starter.start(shell('sleep 0.2'))
    process.kill(starter.pid, 'SIGKILL')
    console.log((await end).exitCode)`,
  )
  expect(told).toMatchObject({ exitCode: 0 })
  expect(told.stdout.toString()).toBe('null\n')
})

test('the other process ends with the one that it starts programs for, and does no more of what that wanted', async () => {
  const directory = scratch()
  const [pids, late] = [join(directory, 'pids'), join(directory, 'late')]
  const ended = await runEngine(
    directory,
    `writeFileSync(${JSON.stringify(pids)}, String(starter.pid))
    process.kill(starter.pid, 'SIGSTOP')
    starter.start(shell('touch ${late}'))
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)`,
  )
  expect(ended).toMatchObject({ exitCode: null })
  const pid = Number(readFileSync(pids, 'utf8'))
  process.kill(pid, 'SIGCONT')
  await eventually(() => !isThere(pid))
  expect(existsSync(late)).toBe(false)
})

test('where there is no such program, everything is started here', async () => {
  const starter = await busyStarter(NO_PROGRAM)
  expect(await parentOf(starter.start(shell('echo $PPID')).end)).toBe(process.pid)
  expect(starter.pid).toBeNull()
})

/** Runs a script in a process of its own that has a starter, which has started much. */
function runEngine(directory: string, script: string): Promise<ProgramEnd> {
  const program = join(directory, 'engine.mjs')
  const built = new URL('starter.js', BUILT)
  writeFileSync(
    program,
    `import { writeFileSync } from 'node:fs'
    import { Starter, WORTH_STARTING } from ${JSON.stringify(built.href)}
    const starter = new Starter()
    const shell = (script) => ({ program: 'sh', args: ['-c', script], cwd: '/', env: { PATH: process.env.PATH }, input: '' })
    for (let n = 0; n < WORTH_STARTING || starter.pid === null; n++) await starter.start(shell('true')).end
    ${script}`,
  )
  return new Starter(NO_PROGRAM).start(shell(`exec node ${program}`)).end
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
