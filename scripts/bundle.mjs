import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './tools.mjs'

const folder = join(root, 'packages/coppice/dist/bin')

// The command is one program of few files: to look for some five hundred modules and to read each of them takes several
// times as long as all that `coppice list` does. The library stays as it was compiled, for it shares the other packages,
// and their errors, with whoever embeds it.
const bundle = await rolldown({
  cwd: root,
  input: {
    coppice: 'packages/coppice/dist/cli/main.js',
    // The log starts it as a thread, by this name.
    worker: 'packages/store/dist/checker/worker.js',
  },
  // It finds its native part beside itself.
  external: ['fs-native-extensions'],
  platform: 'node',
})
// Node begins at once with a CommonJS program; with an ES module it first sets up the loader of those, and then reads each
// file with a way to another thread and back.
const { output } = await bundle.generate({ format: 'cjs' })
await bundle.close()
const manifest = { fileName: 'package.json', code: '{ "type": "commonjs" }\n', isEntry: false }

// Commands may be started from this very folder meanwhile, and another build may run: each file is replaced at once, the
// two that others name come last, and what nothing names any more goes after them.
mkdirSync(folder, { recursive: true })
const before = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const fresh = mkdtempSync(join(folder, '../bin-'))
for (const { fileName, code } of [manifest, ...output].toSorted(
  (a, b) => Number(a.isEntry) - Number(b.isEntry),
)) {
  if (before.get(fileName) !== code) {
    writeFileSync(join(fresh, fileName), code)
    renameSync(join(fresh, fileName), join(folder, fileName))
  }
  before.delete(fileName)
}
rmdirSync(fresh)
for (const name of before.keys()) rmSync(join(folder, name), { force: true })
