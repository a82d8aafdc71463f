/** Measures contestants one after the other, round by round, so that a slow moment of the machine meets all of them. */
export async function measureInRounds(rounds, contestants, measure) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contestant] of Object.entries(contestants)) results[name].push(await measure(contestant, name))
  }
  return results
}

/** The first round is longer and does not count: in it Node.js compiles what is hot. */
const warmUp = 4

/** Measures operations in this process, in microseconds each. */
export async function timeInRounds({ rounds, milliseconds }, operations) {
  await measureInRounds(1, operations, (operation) => timeOperation(operation, warmUp * milliseconds))
  return measureInRounds(rounds, operations, (operation) => timeOperation(operation, milliseconds))
}

/** The clock is not read after every operation, which may take less than reading it. */
const batch = 32

/** Only what gives a promise is awaited: an operation that needs no waiting must not pay for it. */
async function timeOperation(operation, milliseconds) {
  const started = performance.now()
  const first = operation()
  const isAsync = first instanceof Promise
  await first
  // Longer than a batch may take in all: one will do.
  const size = performance.now() - started > milliseconds ? 1 : batch
  const batchStarted = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < milliseconds) {
    for (let i = 0; i < size; i += 1) isAsync ? await operation() : operation()
    count += size
    elapsed = performance.now() - batchStarted
  }
  return (elapsed / count) * 1_000
}
