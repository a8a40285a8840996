// Saves the archive `numbers` in argv[2] until it is killed. Each time all of its 100 values are the same number, and
// so is what is kept with them; the numbers rise from argv[3]. Prints a line after its first save.
import { writeSync } from 'node:fs'
import { Archive } from '../../../packages/store/dist/archive/archive.js'

const [directory, first] = process.argv.slice(2)
const archive = new Archive(directory, 'numbers')
await archive.open()
let isTold = false
for (let value = Number(first); ; value++) {
  const values = new Map(Array.from({ length: 100 }, (_, index) => [`key-${index}`, value]))
  const isSaved = await archive.save({ value }, values)
  if (isSaved && !isTold) writeSync(1, 'saved\n')
  isTold ||= isSaved
}
