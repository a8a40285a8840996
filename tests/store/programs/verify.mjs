// Checks the log in argv[2] and prints what is found.
import { inspectLog } from '@coppice/store'

process.stdout.write(JSON.stringify(await inspectLog(process.argv[2])))
