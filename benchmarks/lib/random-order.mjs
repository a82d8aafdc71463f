// An order that nobody chose, and that a seed brings back.

/** The items in a random order. */
export function toRandomOrder(items, seed) {
  const random = createRandom(seed)
  const rest = [...items]
  return Array.from(items, () => rest.splice(Math.floor(random() * rest.length), 1)[0])
}

/** Numbers from 0 up to 1, by Mulberry32. */
function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
