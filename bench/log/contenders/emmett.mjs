import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * emmett's event store over SQLite, on one connection. By default it opens a connection for every append; those come
 * into each other's way as soon as two are under way, and then its appends fail.
 */
export async function open(directory, home) {
  const entry = createRequire(join(home, 'package.json')).resolve('@event-driven-io/emmett-sqlite')
  const { getSQLiteEventStore, sqliteConnection } = await import(pathToFileURL(entry))
  const fileName = join(directory, 'events.db')
  const connection = sqliteConnection({ fileName })
  const store = getSQLiteEventStore({ fileName, connectionOptions: { singleton: true, connection } })
  await store.schema.migrate()
  return {
    append: (stream, version, { type, at, data }) =>
      store.appendToStream(stream, [{ type, data, metadata: { at } }], {
        expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version),
      }),
    close: () => connection.close(),
  }
}
