/**
 * Shares what is read among those who want it: each gets what was read after they came, and no more is read at once than one.
 *
 * @param read - reads
 */
export function createReadNext(read: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined

  function start(): Promise<void> {
    next = undefined
    const started = read().finally(() => {
      if (current === started) current = undefined
    })
    current = started
    return started
  }

  return () => {
    if (current === undefined) return start()
    // Whoever waits for the next one hears of its failure, and not of that of the one before.
    next ??= current.then(start, start)
    return next
  }
}
