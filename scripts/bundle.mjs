import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './tools.mjs'

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
await bundle.write({ dir: join(root, 'packages/coppice/dist/bin'), cleanDir: true })
