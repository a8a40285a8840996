type JsonRecord = Readonly<Record<string, unknown>>

/** Makes of a record of version n, at place n - 1, what it would be in version n + 1. */
const UPCASTERS: readonly ((record: JsonRecord) => JsonRecord)[] = [
  // Version 1 did not say what was durable before a record was written; that nothing was is always true. It left out no
  // `more`, so that one without is no good record.
  (record) => ({ ...record, more: record['more'] ?? null, synced: 0 }),
]

/** A record of an older version in the form of the newest. */
export function upcast(record: JsonRecord, version: number): JsonRecord {
  let newest = record
  for (let older = version; older <= UPCASTERS.length; older++)
    newest = UPCASTERS[older - 1]?.(newest) ?? newest
  return newest
}
