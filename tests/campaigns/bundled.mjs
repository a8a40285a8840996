import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { atEnd } from './cleanup.mjs'

const store = fileURLToPath(new URL('../../packages/store/', import.meta.url))
const gitAdapter = fileURLToPath(new URL('../../packages/git-adapter/', import.meta.url))
/** It finds its native part beside itself. */
const native = createRequire(store).resolve('fs-native-extensions')

/**
 * Makes one program of a module and all that it imports, until this process ends: a campaign starts it some ten thousand
 * times, and to load the modules one by one takes longer than most of what it is asked then.
 *
 * @returns the program's path
 */
export async function bundled(path) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-program-')))
  atEnd(() => rmSync(dir, { recursive: true, force: true }))
  const bundle = await rolldown({
    // The log starts its worker as a thread, and git is started by a process of its own, by these names.
    input: {
      program: path,
      worker: join(store, 'dist/checker/worker.js'),
      'starter-program': join(gitAdapter, 'dist/process/starter-program.js'),
    },
    platform: 'node',
    external: [native],
    resolve: { alias: { 'fs-native-extensions': native } },
  })
  await bundle.write({ dir })
  await bundle.close()
  return join(dir, 'program.js')
}
