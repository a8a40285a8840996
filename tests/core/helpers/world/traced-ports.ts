import type { Clock, TaskState, Workspace } from '@coppice/core'
import type { LogDisk } from '@coppice/testkit'
import type { Act, Result, Script } from './script.js'

/** A workspace that follows the script, and tells the trace when an effect begins and ends. */
export function tracedWorkspace(real: Workspace, script: Script, trace: string[]): Workspace {
  const act = async <R extends Result>(
    name: Act,
    task: TaskState,
    context: Parameters<Workspace['create']>[1],
    proceed: () => Promise<R>,
  ): Promise<R> => {
    trace.push(`begin ${name} ${task.id}`)
    const outcome = await script.take(name)(proceed, task, context)
    trace.push(`end ${name} ${task.id}`)
    return outcome as R
  }
  return {
    admit: (request) => real.admit(request),
    look: (task) => real.look(task),
    tidy: () => real.tidy(),
    sync: async (task) => {
      trace.push(`sync ${task.id}`)
      await real.sync(task)
    },
    survey: (tasks, commits) => real.survey(tasks, commits),
    repair: (action, task, context) => real.repair(action, task, context),
    create: (task, context) => act('create', task, context, () => real.create(task, context)),
    checkpoint: (task, message, context) =>
      act('checkpoint', task, context, () => real.checkpoint(task, message, context)),
    prepareMerge: (task, context) => act('prepare', task, context, () => real.prepareMerge(task, context)),
    verify: (task, context) => act('verify', task, context, () => real.verify(task, context)),
    land: (task, context) => act('land', task, context, () => real.land(task, context)),
    rebuild: (task, context) => act('rebuild', task, context, () => real.rebuild(task, context)),
    remove: (task, context) => act('remove', task, context, () => real.remove(task, context)),
  }
}

/** Has a log's disk tell the trace what becomes durable, whoever appended it. */
export function traceDisk(disk: LogDisk, trace: string[]): void {
  const sync = disk.sync.bind(disk)
  disk.sync = () => {
    const fresh = disk.unsynced()
    sync()
    for (const { type, stream } of fresh) trace.push(`durable ${type} ${stream.slice('task/'.length)}`)
  }
}

/** A clock that tells how long somebody sleeps. */
export function tracedClock(real: Clock, slept: number[]): Clock {
  return {
    now: () => real.now(),
    sleep: (milliseconds, signal) => {
      slept.push(milliseconds)
      return real.sleep(milliseconds, signal)
    },
  }
}
