import { LogClosedError, type EventLog, type TaskState, type Workspace } from '@coppice/core'
import type { Life } from './life.js'
import type { Act, Result, Script } from './script.js'

/** A workspace that follows the script, tells the trace when an effect begins and ends, and may die before or after it. */
export function tracedWorkspace(real: Workspace, script: Script, trace: string[], life: Life): Workspace {
  const act = async <R extends Result>(
    name: Act,
    task: TaskState,
    context: Parameters<Workspace['create']>[1],
    proceed: () => Promise<R>,
  ): Promise<R> => {
    await life.step()
    trace.push(`begin ${name} ${task.id}`)
    const outcome = await script.take(name)(proceed, task, context)
    trace.push(`end ${name} ${task.id}`)
    await life.step()
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

/** A process's own handle on a log that outlives it; tells the trace what became durable, and may die before or after. */
export function tracedLog(real: EventLog, trace: string[], life: Life): EventLog {
  let closed = false
  return {
    append: async (stream, facts, expected) => {
      if (closed) throw new LogClosedError()
      await life.step()
      const recorded = await real.append(stream, facts, expected)
      for (const { type } of recorded) trace.push(`durable ${type} ${stream.slice('task/'.length)}`)
      await life.step()
      return recorded
    },
    read: (from) => real.read(from),
    readStream: (stream) => real.readStream(stream),
    subscribe: (from, signal) => real.subscribe(from, signal),
    close: async () => {
      closed = true
    },
  }
}
