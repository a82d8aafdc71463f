/** What is counted once has no spread to state, and a heap has a few bytes more or less at any time. */
const countedOnce = 0.01

/** The figures of two runs that lie further apart than their spreads reach. Those that only one of them has are none. */
export function findDifferences(first, second) {
  return Object.entries(first).flatMap(([name, figure]) => {
    const other = second[name]
    if (other === undefined) return []
    const reach = toReach(figure) + toReach(other)
    return Math.abs(figure.value - other.value) > reach ? [{ name, figures: [figure, other] }] : []
  })
}

function toReach({ value, spread, rounds }) {
  return Math.abs(value) * (rounds === 1 ? countedOnce / 2 : spread)
}
