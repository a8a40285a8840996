import { isCoppiceError } from '@coppice/core'
import { LogReadError } from '../errors/log-errors.js'

/** Says of which file it was, where reading fails. */
export async function readFrom<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isCoppiceError(error) ? error : new LogReadError(path, error)
  }
}
