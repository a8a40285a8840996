/** Does work for each item, so many at a time, in their order; ends with the first that throws. */
export async function inParallel(items, concurrency, work) {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}
