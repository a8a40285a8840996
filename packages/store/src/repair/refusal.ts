import { basename } from 'node:path'
import type { Finding } from '../inspection/finding.js'
import type { Refusal } from './repair-plan.js'

/**
 * Says why something is not repaired, and what a person can do.
 *
 * @param reason why no fix was found, where one was looked for
 * @param hadCopies whether copies of the log were given
 */
export function refusalOf(finding: Finding, reason: string | null, hadCopies: boolean): Refusal {
  switch (finding.kind) {
    case 'damaged':
    case 'segments-missing':
    case 'chain-broken': {
      const copy = `a copy of ${basename(finding.path)}`
      const advice = hadCopies
        ? `look for another copy of ${basename(finding.path)}; docs/recovery.md says what can be done without one`
        : `if there is ${copy} in a backup, \`coppice repair --from DIRECTORY\` looks whether it fits`
      return { finding, reason: reason ?? 'what should be there is not in the log any more', advice }
    }
    case 'newer-version':
      return { finding, reason: 'it is not damaged: a newer version wrote it', advice: 'upgrade Coppice' }
    case 'unreadable':
      return {
        finding,
        reason: 'what cannot be read cannot be repaired',
        advice: 'see that the file may be read and that the disk is healthy',
      }
    case 'unknown-fact':
      return {
        finding,
        reason: 'it was written like this',
        advice: 'a newer version wrote it: upgrade Coppice',
      }
    case 'wrong-stream-version':
    case 'impossible-fact':
      return {
        finding,
        reason: 'it was written like this: its hash is right',
        advice: 'find out which program wrote it, and report it if it was Coppice',
      }
  }
}
