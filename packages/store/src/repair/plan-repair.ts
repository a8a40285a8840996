import type { Segments } from '../file-log/segments.js'
import type { CacheEnd } from '../inspection/cache-check.js'
import { isFileFinding, type Damage, type FileFinding, type Finding } from '../inspection/finding.js'
import { inspectSegments, type InspectOptions } from '../inspection/inspect-log.js'
import type { LogReport } from '../inspection/log-report.js'
import type { Copies } from './copies.js'
import { Draft } from './draft.js'
import { isFix, type Fix, type NoFix } from './fix.js'
import { putBackBeginning, putBackWhole } from './put-back.js'
import { refusalOf } from './refusal.js'
import type { RepairItem, RepairPlan } from './repair-plan.js'
import { restoreByte, restoreBytes } from './restore-bytes.js'
import { tidyUp } from './tidy-up.js'

/**
 * Works out what can be put right in a log, and proves it on a draft of it. Changes nothing.
 *
 * @param found what was found in the log
 * @param copies of segments, where a person gave some
 */
export async function planRepair(
  found: LogReport,
  segments: Segments,
  caches: readonly CacheEnd[],
  copies: Copies | null,
  { signal }: Pick<InspectOptions, 'signal'>,
): Promise<RepairPlan> {
  const inspect = (draft: Draft): Promise<LogReport> =>
    inspectSegments(draft.segments, caches, signal === undefined ? {} : { signal })
  return new Planning(found, segments, copies, inspect).run()
}

class Planning {
  #draft: Draft
  #report: LogReport
  readonly #items: RepairItem[] = []
  /** Why there is no fix, by place. A place is tried again once something before or behind it is fixed. */
  readonly #reasons = new Map<string, string>()

  constructor(
    found: LogReport,
    private readonly log: Segments,
    private readonly copies: Copies | null,
    private readonly inspect: (draft: Draft) => Promise<LogReport>,
  ) {
    this.#report = found
    this.#draft = new Draft(log)
  }

  async run(): Promise<RepairPlan> {
    while (await this.#fixWhatIsFound()) this.#report = await this.inspect(this.#draft)
    if (this.#isReadable()) await this.#fixLastWrite()
    const items = [...this.#items, ...(this.#isReadable() ? tidyUp(this.#report) : [])]
    const refused = this.#report.findings.map((finding) =>
      refusalOf(finding, this.#reasons.get(placeOf(finding)) ?? null, this.copies !== null),
    )
    return { items, refused, segments: this.#draft.replaced, report: this.#report }
  }

  /** Fixes what can be, each segment by itself; answers whether there was anything. */
  async #fixWhatIsFound(): Promise<boolean> {
    const before = this.#items.length
    this.#reasons.clear()
    const damages = new Map<number, Damage[]>()
    for (const finding of this.#report.findings) {
      if (finding.kind === 'damaged') await this.#fixDamage(finding, damages)
      else if (finding.kind === 'segments-missing' || finding.kind === 'chain-broken') {
        await this.#fromCopies([finding], (copies) =>
          putBackWhole(copies, finding, (segment) => this.log.path(segment)),
        )
      }
    }
    for (const left of damages.values()) {
      await this.#fromCopies(left, (copies) => putBackBeginning(this.#draft, copies, left))
    }
    return this.#items.length > before
  }

  async #fixDamage(damage: Damage, left: Map<number, Damage[]>): Promise<void> {
    const outcome = await restoreBytes(this.#draft, damage)
    if (isFix(outcome)) {
      this.#apply(outcome)
      return
    }
    this.#reasons.set(placeOf(damage), outcome.reason)
    left.set(damage.segment, [...(left.get(damage.segment) ?? []), damage])
  }

  async #fromCopies(
    findings: readonly FileFinding[],
    find: (copies: Copies) => Promise<Fix | NoFix>,
  ): Promise<void> {
    if (this.copies === null) return
    const outcome = await find(this.copies)
    if (isFix(outcome)) this.#apply(outcome)
    else for (const finding of findings) this.#reasons.set(placeOf(finding), outcome.reason)
  }

  /**
   * What looks like an interrupted write may have been a whole one with a byte that was changed since. Then it is put
   * right rather than cut off.
   */
  async #fixLastWrite(): Promise<void> {
    for (;;) {
      const { end, tail } = this.#report
      if (tail.kind !== 'interrupted-write') return
      const { segment, path, brokenAt: offset, after } = tail
      const outcome = await restoreByte(this.#draft, { segment, path, offset, after })
      if (!isFix(outcome)) return
      const report = await this.inspect(this.#draft.with(segment, outcome.pieces))
      if (report.end.sequence <= end.sequence) return
      this.#apply(outcome)
      this.#report = report
    }
  }

  #apply({ item, segment, pieces }: Fix): void {
    this.#items.push(item)
    this.#draft = this.#draft.with(segment, pieces)
  }

  #isReadable(): boolean {
    return !this.#report.findings.some(isFileFinding)
  }
}

function placeOf({ segment, offset }: Finding): string {
  return `${segment} ${offset}`
}
