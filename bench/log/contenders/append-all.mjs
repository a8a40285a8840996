/**
 * Appends every fact of the histories, one append a fact, each at the version that its stream then has. So many tasks
 * are at work at a time; each waits for its append before it makes the next one.
 */
export async function appendAll(store, histories, concurrency) {
  const waiting = histories[Symbol.iterator]()
  const worker = async () => {
    for (const { stream, facts } of waiting) {
      for (const [version, fact] of facts.entries()) await store.append(stream, version, fact)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}
