/** The clock is not read after every operation, which may take less than reading it. */
const batch = 32

/** The first part is longer and does not count: in it Node.js compiles what is hot. */
const warmUp = 4

/**
 * Measures an operation in this process, in microseconds each. Only what gives a promise is awaited: an operation that
 * needs no waiting must not pay for it.
 */
export async function timeOperation(operation, milliseconds) {
  const started = performance.now()
  const first = operation()
  const isAsync = first instanceof Promise
  await first
  // Longer than a batch may take in all: one will do.
  const size = performance.now() - started > milliseconds ? 1 : batch
  const repeat = isAsync ? repeatAsync : repeatSync
  await repeat(operation, milliseconds * warmUp, size)
  return repeat(operation, milliseconds, size)
}

async function repeatAsync(operation, milliseconds, size) {
  const started = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    for (let i = 0; i < size; i += 1) await operation()
    count += size
    elapsed = performance.now() - started
  }
  return (elapsed / count) * 1_000
}

function repeatSync(operation, milliseconds, size) {
  const started = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    for (let i = 0; i < size; i += 1) operation()
    count += size
    elapsed = performance.now() - started
  }
  return (elapsed / count) * 1_000
}
