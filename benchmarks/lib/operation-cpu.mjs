/** The clock is not read after every operation, which may take less than reading it. */
const batch = 32

/** The first part is longer and does not count: in it Node.js compiles what is hot. */
const warmUp = 4

/**
 * Measures the CPU of an operation in this process, in microseconds each and threads included: what else runs on the machine
 * takes time, and no CPU of this process. Only what gives a promise is awaited: an operation that needs no waiting must not
 * pay for it.
 */
export async function measureOperationCpu(operation, milliseconds) {
  const started = performance.now()
  const first = operation()
  const repeat = first instanceof Promise ? repeatAsync : repeatSync
  await first
  // Longer than a batch may take in all: one will do.
  const size = performance.now() - started > milliseconds ? 1 : batch
  await repeat(operation, milliseconds * warmUp, size)
  const before = process.cpuUsage()
  const count = await repeat(operation, milliseconds, size)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

async function repeatAsync(operation, milliseconds, size) {
  const end = performance.now() + milliseconds
  let count = 0
  while (performance.now() < end) {
    for (let i = 0; i < size; i += 1) await operation()
    count += size
  }
  return count
}

function repeatSync(operation, milliseconds, size) {
  const end = performance.now() + milliseconds
  let count = 0
  while (performance.now() < end) {
    for (let i = 0; i < size; i += 1) operation()
    count += size
  }
  return count
}
