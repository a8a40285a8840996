// Where the library and the command are, as they are built.
import { fileURLToPath } from 'node:url'

export { openCoppice } from '../../packages/coppice/dist/index.js'

export const COMMAND = fileURLToPath(new URL('../../packages/coppice/dist/bin/coppice.js', import.meta.url))
