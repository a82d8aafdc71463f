/** The clock is not read after every operation, which may take less than reading it. */
const batch = 32

/**
 * Measures the CPU of an operation in this process, in microseconds each and threads included: what else runs on the machine
 * takes time, and no CPU of this process. Only what gives a promise is awaited: an operation that needs no waiting must not
 * pay for it.
 *
 * @param operation what is measured
 * @param size for how many milliseconds of CPU, and for how many before that: in those Node.js compiles what is hot
 */
export async function measureOperationCpu(operation, { milliseconds, warmUpMilliseconds }) {
  const before = process.cpuUsage()
  const first = operation()
  const repeat = first instanceof Promise ? repeatAsync : repeatSync
  await first
  // Longer than a batch may take in all: one will do.
  const count = toMicroseconds(process.cpuUsage(before)) > milliseconds * 1_000 ? 1 : batch
  await repeat(operation, warmUpMilliseconds, count)
  return repeat(operation, milliseconds, count)
}

async function repeatAsync(operation, milliseconds, count) {
  const before = process.cpuUsage()
  let done = 0
  let used = 0
  while (used < milliseconds * 1_000) {
    for (let i = 0; i < count; i += 1) await operation()
    done += count
    used = toMicroseconds(process.cpuUsage(before))
  }
  return used / done
}

function repeatSync(operation, milliseconds, count) {
  const before = process.cpuUsage()
  let done = 0
  let used = 0
  while (used < milliseconds * 1_000) {
    for (let i = 0; i < count; i += 1) operation()
    done += count
    used = toMicroseconds(process.cpuUsage(before))
  }
  return used / done
}

function toMicroseconds({ user, system }) {
  return user + system
}
