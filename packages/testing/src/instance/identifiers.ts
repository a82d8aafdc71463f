import { randomInt } from 'node:crypto'

const LOWEST = 100_000_000_000_000_000n
const RANDOM_START_LIMIT = 2 ** 47
const LARGEST_STEP = 1_000_000

/** Gives ids like ZITADEL's: 18 digits, ascending, never twice. */
export function createIdentifiers(): () => string {
  // A random start keeps two instances in one test from handing out the same ids.
  let last = LOWEST + BigInt(randomInt(RANDOM_START_LIMIT)) * 1_000n
  return () => {
    last += BigInt(randomInt(1, LARGEST_STEP))
    return last.toString()
  }
}
