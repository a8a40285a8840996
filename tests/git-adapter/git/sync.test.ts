import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { syncFileSystems } from '../../../packages/git-adapter/src/git/sync.js'
import { makeScratch } from '../../helpers/repository.js'
import { useEnvironment } from '../helpers/environment.js'

interface FakeSync {
  readonly directory: string
  /** What the program was called with, a line each. */
  readonly calls: () => readonly string[]
}

/** Puts a `sync` of our own before the system's. */
function fakeSync(script: string): FakeSync {
  const scratch = makeScratch()
  const programs = join(scratch, 'programs')
  const calls = join(scratch, 'calls')
  mkdirSync(programs)
  writeFileSync(calls, '')
  writeFileSync(join(programs, 'sync'), `#!/bin/sh\necho "$*" >> '${calls}'\n${script}\n`)
  chmodSync(join(programs, 'sync'), 0o755)
  useEnvironment({ PATH: `${programs}${delimiter}${process.env['PATH']}` })
  return { directory: scratch, calls: () => readFileSync(calls, 'utf8').split('\n').slice(0, -1) }
}

const refuses = (said: string): string => `[ $# = 0 ] && exit 0; printf '%b' "${said}" >&2; exit 1`

describe('a system whose sync knows no file systems has all of them synced:', () => {
  test.each([
    ['an old one of GNU', "sync: invalid option -- 'f'\\nTry 'sync --help' for more information.\\n"],
    ['one of BSD', 'sync: illegal option -- f\\nusage: sync\\n'],
    ['one of BusyBox', 'sync: unrecognized option: f\\nBusyBox v1 () multi-call binary.\\n\\nUsage: sync\\n'],
    ['one that says how it is used', 'usage: sync\\n'],
  ])('%s', async (_, said) => {
    const { directory, calls } = fakeSync(refuses(said))
    await syncFileSystems(directory)
    expect(calls()).toEqual([`-f ${directory}`, ''])
  })

  test('one that speaks another language where it is let to', async () => {
    useEnvironment({ LC_ALL: 'de_DE.UTF-8' })
    const { directory, calls } = fakeSync(`
      [ $# = 0 ] && exit 0
      [ "$LC_ALL" = C ] && echo "sync: invalid option -- 'f'" >&2 || echo 'sync: Ungültige Option' >&2
      exit 1`)
    await syncFileSystems(directory)
    expect(calls()).toEqual([`-f ${directory}`, ''])
  })
})

describe('what cannot be synced is an error that says why:', () => {
  test.each(["sync: error syncing '/disk': Input/output error\\n", "sync: '/usage: sync': No space left\\n"])(
    '%s',
    async (said) => {
      const { directory, calls } = fakeSync(refuses(said))
      const detail = said.replaceAll(String.raw`\n`, '')
      await expect(syncFileSystems(directory)).rejects.toMatchObject({ code: 'sync-failed', detail })
      expect(calls()).toHaveLength(1)
    },
  )

  test('there is no such program', async () => {
    useEnvironment({ PATH: makeScratch() })
    await expect(syncFileSystems(makeScratch())).rejects.toMatchObject({
      code: 'sync-failed',
      detail: expect.stringContaining('ENOENT'),
    })
  })
})

test('of what is not there the directory counts in which it would be', async () => {
  const { directory, calls } = fakeSync('exit 0')
  await syncFileSystems(join(directory, 'not', 'there'))
  expect(calls()).toEqual([`-f ${directory}`])
})

test('what vanishes while it is synced has its file system synced all the same', async () => {
  const { directory, calls } = fakeSync(
    '[ -d "$2" ] && [ "${2##*/}" = going ] && rmdir "$2" && exit 1; exit 0',
  )
  mkdirSync(join(directory, 'going'))
  await syncFileSystems(join(directory, 'going'))
  expect(calls()).toEqual([`-f ${join(directory, 'going')}`, `-f ${directory}`])
})

/** The first one waits until it is let go, and then ends like this. */
async function underWay(exitCode: number) {
  const first = `while [ ! -e "\${0%/*}/go" ]; do sleep 0.01; done; exit ${exitCode}`
  const fake = fakeSync(`[ "$(wc -l < "\${0%/*}/../calls")" -gt 1 ] && exit 0; ${first}`)
  const result = syncFileSystems(fake.directory).then(
    () => null,
    (error: unknown) => error,
  )
  while (fake.calls().length === 0) await delay(5)
  return { ...fake, result, letGo: () => writeFileSync(join(fake.directory, 'programs/go'), '') }
}

describe('while a sync is under way', () => {
  test('those who ask share the next', async () => {
    const { directory, calls, result, letGo } = await underWay(0)
    const others = Array.from({ length: 5 }, () => syncFileSystems(directory))
    letGo()
    await Promise.all(others)
    expect(await result).toBe(null)
    expect(calls()).toHaveLength(2)
  })

  test('its failure is nobody’s who asks', async () => {
    const { directory, calls, result, letGo } = await underWay(1)
    const other = syncFileSystems(directory)
    letGo()
    await other
    expect(await result).toMatchObject({ code: 'sync-failed' })
    expect(calls()).toHaveLength(2)
  })
})
