import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * A table of events in SQLite, as durable as our log: every commit syncs the write-ahead log. What is appended in one
 * turn of the event loop shares a transaction, which is the group commit that a single connection allows.
 */
export function open(directory, home) {
  const Database = createRequire(join(home, 'package.json'))('better-sqlite3')
  const db = new Database(join(directory, 'events.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(`CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
    type TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (stream, version))`)
  const insert = db.prepare('INSERT INTO events (stream, version, type, at, data) VALUES (?, ?, ?, ?, ?)')
  const insertAll = db.transaction((events) => {
    for (const { values } of events) insert.run(...values)
  })
  let waiting = []

  function commit() {
    const events = waiting
    waiting = []
    try {
      insertAll(events)
      for (const { resolve } of events) resolve()
    } catch (error) {
      for (const { reject } of events) reject(error)
    }
  }

  return {
    append: (stream, version, { type, at, data }) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commit)
        waiting.push({ values: [stream, version + 1, type, at, JSON.stringify(data)], resolve, reject })
      }),
    close: () => db.close(),
  }
}
