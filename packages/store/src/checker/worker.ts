import { parentPort } from 'node:worker_threads'
import { goodLines } from '../format/good-lines.js'

/** What a `LineChecker` starts: says that it is there, then checks one buffer after the other. */
parentPort?.on('message', ({ buffer, byteOffset, byteLength }: Uint8Array) => {
  parentPort?.postMessage(goodLines(Buffer.from(buffer, byteOffset, byteLength)), [])
})
parentPort?.postMessage('ready', [])
