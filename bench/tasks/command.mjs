import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { COMMAND } from './coppice.mjs'

const execute = promisify(execFile)

/** Runs a program with the Node that runs this. */
export function node(...args) {
  return execute(process.execPath, args)
}

/** Runs the command `coppice` in a repository. */
export function coppice(repository, ...args) {
  return node(COMMAND, '-C', repository, ...args)
}
