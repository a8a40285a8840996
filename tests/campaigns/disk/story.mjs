import fc from 'fast-check'

const by = fc.constantFrom(0, 0, 1, 1, 2)
const isAwaited = fc.boolean()

/** Of what was written last and not synced, how much is left, of a hundred; null for another share in each file. */
const share = fc.constantFrom(null, null, null, 0, 50, 100)

/** After so many operations of any kind, or of one kind on segments. */
const anyMoment = fc.record({ on: fc.constant('any'), after: fc.nat(30) })
const momentOn = (...operations) =>
  fc.record({ on: fc.constantFrom(...operations), after: fc.constantFrom(0, 0, 0, 1) })
const moment = fc.oneof(
  anyMoment,
  momentOn('write', 'sync'),
  momentOn('write', 'sync', 'truncate', 'rename', 'syncDirectory'),
)
const faultyMoment = fc.oneof(
  anyMoment,
  momentOn('sync'),
  momentOn('sync', 'write', 'truncate', 'rename', 'syncDirectory', 'open'),
)

/** The power cuts that come while a process recovers from one. */
const again = fc.array(fc.record({ share, moment: fc.oneof(moment, momentOn('write', 'sync')) }), {
  maxLength: 2,
})

/** What comes over a process while it does something. */
const fateWith = (isForgotten) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill'), moment }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut'), moment, share, again }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('error'),
        moment: faultyMoment,
        isForgotten,
        isFatal: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('short'), moment: momentOn('write') }) },
  )

const append = fc.record({
  stream: fc.nat(2),
  count: fc.integer({ min: 1, max: 4 }),
  padding: fc.constantFrom(0, 0, 0, 0, 7, 200, 1_500),
  expected: fc.constantFrom('any', 'any', 'any', 'any', 'no-stream', 1),
})

const appends = fc.array(append, { minLength: 1, maxLength: 3 })

const actionsWith = (fate) => [
  ['append', 12, { by, isAwaited, fate, appends }],
  ['read', 3, { by, isAwaited, fate }],
  ['close', 2, { by, fate }],
  ['kill', 1, { by }],
  ['full', 1, { room: fc.nat(1_500) }],
  ['makeRoom', 1, {}],
  ['steps', 2, { count: fc.nat(20) }],
  ['cut', 1, { share, again }],
]

/**
 * What happens on a machine, in this order: processes append, read and close, one of which may meet its fate meanwhile;
 * they are killed; the disk is full; the power is cut, and cut `again` while a process recovers from that.
 *
 * @param options.isHonest whether a sync tries again what an earlier one failed to write, which Linux does not do
 */
export function storiesOf({ isHonest }) {
  const isForgotten = isHonest ? fc.constant(false) : fc.boolean()
  const fate = fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fateWith(isForgotten) },
  )
  const actions = actionsWith(fate).map(([verb, weight, parts]) => ({
    weight,
    arbitrary: fc.record({ verb: fc.constant(verb), ...parts }),
  }))
  return fc.record({
    segmentBytes: fc.constantFrom(400, 900, 2_500, 8_000, 1_000_000, 1_000_000),
    seed: fc.noShrink(fc.nat(0x7fffffff)),
    actions: fc.array(fc.oneof(...actions), { minLength: 1, maxLength: 20, size: 'max' }),
    last: fc.record({ share, again }),
  })
}
