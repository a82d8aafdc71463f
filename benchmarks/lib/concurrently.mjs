/** Runs a task for every item, so many at once. */
export async function concurrently(items, concurrency, task) {
  const iterator = items[Symbol.iterator]()
  const work = async () => {
    for (const item of iterator) await task(item)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}
