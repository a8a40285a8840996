// Opens the repository in argv[2], and leaves it open.
import { openCoppice } from 'coppice'

await openCoppice({ repo: process.argv[2], checkpointInterval: 60 })
process.stdout.write('open\n')
