import { streamOf, type Engine, type EngineEvents } from '@coppice/core'

/** The moment at which a task's merge has landed, and that is durable; and how to stop waiting for it. */
export function landingOf(
  { listeners }: Engine,
  id: string,
): { readonly landed: Promise<null>; readonly forget: () => void } {
  let listener: EngineEvents['merge.landed'] = () => undefined
  const landed = new Promise<null>((resolve) => {
    listener = ({ stream }) => {
      if (stream === streamOf(id)) resolve(null)
    }
  })
  listeners.on('merge.landed', listener)
  return { landed, forget: () => listeners.off('merge.landed', listener) }
}
