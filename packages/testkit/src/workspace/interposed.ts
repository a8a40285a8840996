import type { EffectKind, TaskState, Workspace } from '@coppice/core'

/** Something that happens just before the next effect of a kind. */
export interface Interposition {
  readonly act: EffectKind | 'checkpoint'
  readonly meanwhile: (task: TaskState) => Promise<unknown>
}

/** A workspace before whose effects things happen, each once, in the order of the list. */
export function interposed(workspace: Workspace, list: Interposition[]): Workspace {
  const before = async (act: Interposition['act'], task: TaskState): Promise<void> => {
    const place = list.findIndex((each) => each.act === act)
    const [found] = place === -1 ? [] : list.splice(place, 1)
    await found?.meanwhile(task)
  }
  return {
    admit: (request) => workspace.admit(request),
    create: async (task, context) => {
      await before('create', task)
      return workspace.create(task, context)
    },
    checkpoint: async (task, message, context) => {
      await before('checkpoint', task)
      return workspace.checkpoint(task, message, context)
    },
    sync: (task) => workspace.sync(task),
    prepareMerge: async (task, context) => {
      await before('prepare', task)
      return workspace.prepareMerge(task, context)
    },
    verify: async (task, context) => {
      await before('verify', task)
      return workspace.verify(task, context)
    },
    land: async (task, context) => {
      await before('land', task)
      return workspace.land(task, context)
    },
    rebuild: async (task, context) => {
      await before('rebuild', task)
      return workspace.rebuild(task, context)
    },
    remove: async (task, context) => {
      await before('remove', task)
      return workspace.remove(task, context)
    },
    look: (task) => workspace.look(task),
    tidy: () => workspace.tidy(),
    survey: (tasks, commits) => workspace.survey(tasks, commits),
    repair: (action, task, context) => workspace.repair(action, task, context),
  }
}
