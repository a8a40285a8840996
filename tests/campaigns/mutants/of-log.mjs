const tests = ['tests/store']
const log = (file, what, from, to, likely) => ({
  file: `packages/store/src/${file}`,
  what,
  from,
  to,
  likely: [`tests/store/${likely}`],
  tests,
})

/** Deliberate faults in the log: in a file the text that is there exactly once becomes another, and the tests have to notice. */
export const ofLog = [
  log(
    'file-log/plan.ts',
    'two appends of a group get one version',
    'versions.set(stream, version + facts.length)',
    '',
    'event-log-contract.test.ts',
  ),
  log(
    'file-log/plan.ts',
    'expected versions are not asked for',
    'if (matchesExpectedVersion(version, expected)) {',
    "if (matchesExpectedVersion(version, 'any') || expected === 0) {",
    'event-log-contract.test.ts',
  ),
  log(
    'file-log/writer.ts',
    'an append is acknowledged before it is durable',
    'await syncing',
    'syncing.catch(() => undefined)',
    'failing-disk.test.ts',
  ),
  log(
    'file-log/writer.ts',
    'a torn end is written over',
    'if (torn > 0) return this.#leaveTorn(cursor)',
    '',
    'torn-tail.test.ts',
  ),
  log(
    'file-log/write-whole.ts',
    'a short write counts as whole',
    'written += count',
    'written = bytes.length',
    'failing-disk.test.ts',
  ),
  log(
    'locks/lock-file.ts',
    'a lock on a deleted file counts',
    'if (isFileAt(this.path, fstatSync(this.#fd))) return true',
    'return true',
    'locks.test.ts',
  ),
  log(
    'format/record.ts',
    'a record counts at any place',
    'if (seq !== sequence) return',
    'if (seq === -1) return',
    'damage.test.ts',
  ),
  log(
    'format/fact-json.ts',
    'a fact may be as large as it likes',
    'if (bytes > MAX_RECORD_BYTES) throw',
    'if (bytes < 0) throw',
    'limits.test.ts',
  ),
  log(
    'file-log/file-log.ts',
    'a closed log takes appends',
    'if (this.#closed.signal.aborted) return Promise.reject(new LogClosedError())',
    '',
    'event-log-contract.test.ts',
  ),
]
