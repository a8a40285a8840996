import * as checkpoint from './checkpoint.mjs'
import * as claim from './claim.mjs'
import * as create from './create.mjs'
import * as merge from './merge.mjs'
import * as remove from './remove.mjs'

/**
 * Operations of an open process and what git has for the same. Each has its runs, which is how the repository is opened;
 * `measure`, which a process does for a run; and `rowsOf`, which says what came of it.
 */
export const PAIRS = { create, claim, merge, checkpoint, remove }

/** Rounds that nobody counts: they load code, and have the system hold the files that both sides read. */
export const WARM_UP = 1
