import type { WorldAction } from '@coppice/core'
import { git } from '../git/run.js'
import type { Site } from '../site.js'

type SetConfig = Extract<WorldAction, { readonly kind: 'set-config' }>

/** Sets a setting of one configuration file; git does it in one step, under its own lock. */
export async function setConfig({ repository }: Site, { file, key, value }: SetConfig): Promise<void> {
  await git(repository.place, { args: ['config', '--file', file, key, value] })
}
