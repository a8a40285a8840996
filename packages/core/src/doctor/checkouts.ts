import type { BareFlag, LeakSight, OperationSight, Survey } from '../ports/survey.js'
import { refuses, repairs, type Drift } from './drift.js'

/** The repository's own settings and people's own checkouts. */
export function checkoutDrifts({ bareFlags, operations, landingMarked, leaks, commonDir }: Survey): Drift[] {
  return [
    ...bareFlags.map(flipped),
    ...(landingMarked ? [unfinished(commonDir)] : []),
    ...operations.map(underWay),
    ...leaks.map(leaked),
  ]
}

function flipped({ file, workTree }: BareFlag): Drift {
  return {
    code: 'bare-flipped',
    task: null,
    subject: file,
    meaning: `core.bare is true, so that git does not work in ${workTree}, which is a checkout`,
    severity: 'error',
    remedy: repairs('set it to false', { kind: 'set-config', file, key: 'core.bare', value: 'false' }),
  }
}

function unfinished(commonDir: string): Drift {
  return {
    code: 'landing-unfinished',
    task: null,
    subject: `${commonDir}/coppice/landing.json`,
    meaning: 'bringing a checkout along with a merge was interrupted, and its files may be half of each',
    severity: 'error',
    remedy: repairs('take back what was begun; files that are not git’s doing stay', {
      kind: 'finish-landing',
    }),
  }
}

function underWay({ workTree, operation }: OperationSight): Drift {
  return {
    code: 'operation-under-way',
    task: null,
    subject: workTree,
    meaning: `the checkout is in the middle of ${operation}, and no merge can bring it along meanwhile`,
    severity: 'note',
    remedy: refuses('Coppice merges in no checkout: this is yours to end or to abort'),
  }
}

function leaked({ task, path }: LeakSight): Drift {
  return {
    code: 'leak-suspected',
    task,
    subject: path,
    meaning: `the file has the very change that ${task} has, and nobody committed it here: its agent may have worked here`,
    severity: 'warning',
    remedy: refuses('only you know whose it is; `git diff` shows it, and `git restore` takes it back'),
  }
}
