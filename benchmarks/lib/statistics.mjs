// One number out of several measurements, and how far apart they were.

/** @returns {number} the middle one; between the two middle ones of an even count */
export function median(values) {
  return quantile(values, 0.5)
}

/** Half the distance between the lowest and the highest, as a share of the median. */
export function spread(values) {
  const middle = median(values)
  return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / 2 / Math.abs(middle)
}

/** The value below which a share of all values lies, between neighbours in proportion. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort()
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)]
  return below + (sorted[Math.ceil(position)] - below) * (position % 1)
}
