import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coppice } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

/** Processes that are started seem to go on, and Node knows of none. */
const NOTHING_ENDS = `
const { EventEmitter } = require('node:events')
const { PassThrough } = require('node:stream')
const streams = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() })
require('node:child_process').spawn = () => Object.assign(new EventEmitter(), streams())
`

test('a command that waits for what never comes is a failure, though nothing else could happen', async () => {
  const repository = makeRepository()
  const hook = join(repository.scratch, 'hook.cjs')
  writeFileSync(hook, NOTHING_ENDS)
  const ended = await coppice(repository, ['list'], { env: { NODE_OPTIONS: `--require=${hook}` } })
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  expect(ended.stderr).toContain('waits for something that cannot happen')
})
