/** The figures of two runs that lie further apart than their spreads reach. Those that only one of them has are none. */
export function findDifferences(first, second) {
  return Object.entries(first).flatMap(([name, figure]) => {
    const other = second[name]
    if (other === undefined) return []
    const reach = figure.spread * Math.abs(figure.value) + other.spread * Math.abs(other.value)
    return Math.abs(figure.value - other.value) > reach ? [{ name, figures: [figure, other] }] : []
  })
}
