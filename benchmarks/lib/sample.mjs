import { toRandomOrder } from './random-order.mjs'

/**
 * Measures every variant so many times, one measurement at a time and all of them in random order: whatever changes in the
 * course of a run, such as the speed of the machine, favors none.
 *
 * @param measure measures one variant once, in a process that is started for that
 * @returns what was measured of each variant, by its name
 */
export async function sample({ repeats, seed }, variants, measure) {
  const names = Object.keys(variants)
  const order = toRandomOrder(
    names.flatMap((name) => Array(repeats).fill(name)),
    seed,
  )
  const results = Object.fromEntries(names.map((name) => [name, []]))
  for (const [done, name] of order.entries()) {
    showProgress(`${done + 1} of ${order.length}: ${name}`)
    results[name].push(await measure(variants[name], name))
  }
  showProgress('')
  return results
}

/** Only where somebody looks on. */
function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
