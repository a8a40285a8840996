import { Engine, type EnginePorts, type Problem, type TaskState } from '@coppice/core'
import { NoDiffError } from './errors.js'
import { Behind } from './facade/behind.js'
import { Coppice } from './facade/coppice.js'
import { RegularCheckpoints } from './facade/regular-checkpoints.js'

export interface BeginOptions {
  /** By default true: what earlier processes left owed is done before this resolves. */
  readonly recover?: boolean
  /** Told of what could not be done while recovering; later problems reach `on('problem', …)`. */
  readonly onProblem?: ((problem: Problem) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface OpenOnOptions extends BeginOptions {
  /** The verify command of merges that name none, as a program and its arguments; by default none. */
  readonly verify?: readonly string[] | null
}

/**
 * Opens tasks on a log, a workspace and whatever else an engine needs: your own, or the simulated ones of
 * `@coppice/testkit`. What it gives is what `openCoppice` gives, but for `diff`, which only git can tell, for
 * regular checkpoints, and for the pool.
 */
export async function openCoppiceOn(ports: EnginePorts, options: OpenOnOptions = {}): Promise<Coppice> {
  const engine = await Engine.open(ports)
  const diff = ({ id }: TaskState): Promise<never> => Promise.reject(new NoDiffError(id))
  try {
    await begin(engine, options)
    const checkpoints = new RegularCheckpoints(engine, 0)
    return new Coppice({
      engine,
      log: ports.log,
      diff,
      checkpoints,
      pool: null,
      settled: () => Promise.resolve(),
      behind: new Behind(),
      verify: options.verify ?? null,
    })
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Does what earlier processes left owed, unless it is to be left. */
export async function begin(
  engine: Engine,
  { recover = true, onProblem, signal }: BeginOptions,
): Promise<void> {
  if (onProblem !== undefined) engine.listeners.on('problem', onProblem)
  if (recover) await engine.recover(signal)
  if (onProblem !== undefined) engine.listeners.off('problem', onProblem)
}
