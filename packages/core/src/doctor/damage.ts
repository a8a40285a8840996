import type { Survey } from '../ports/survey.js'
import { refuses, type Drift } from './drift.js'

/** Objects that a power cut has torn, or that a disk has lost. */
export function damageDrifts({ damaged = [] }: Survey): Drift[] {
  return damaged.map((subject) => ({
    code: 'object-damaged',
    task: null,
    subject,
    meaning: `an object of the repository is damaged: git cannot read ${subject}`,
    severity: 'error',
    remedy: refuses(
      '`coppice repair` takes away what a power cut has torn, and puts branches of tasks back to what is whole; `git fsck --full` tells what is damaged besides',
    ),
  }))
}
