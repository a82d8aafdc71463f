// One number out of several rounds, and how far apart the rounds were.

/** @returns {number} the middle one; between the two middle ones of an even count */
export function median(values) {
  return quantile(values, 0.5)
}

/** Half the distance between the quartiles, as a share of the median: 0.02 means that half of the rounds lie within about 2 %. */
export function spread(values) {
  const middle = median(values)
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / Math.abs(middle)
}

/** The value below which a share of all values lies, between neighbours in proportion. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort()
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)]
  return below + (sorted[Math.ceil(position)] - below) * (position % 1)
}
