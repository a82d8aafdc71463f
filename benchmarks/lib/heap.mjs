/** Bytes in use after a full collection. Needs --expose-gc. */
export async function measureHeap() {
  for (let i = 0; i < 3; i += 1) {
    // Weak references are let go between turns.
    await new Promise(setImmediate)
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}
