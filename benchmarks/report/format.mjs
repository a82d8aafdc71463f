const digits = { ratio: 2, 'req/s': 0, bytes: 0, calls: 0, packages: 0, '%': 0 }

/** A figure as text, with its unit unless that is a ratio. */
export function formatFigure({ value, unit }) {
  if (unit === 'bytes' && value >= 10_000) return `${(value / 1_000).toFixed(1)} kB`
  const decimals = digits[unit] ?? (value < 10 ? 2 : value < 100 ? 1 : 0)
  const number = value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return unit === 'ratio' ? number : `${number} ${unit}`
}

/** How far apart the rounds were; nothing for a count. */
export function formatSpread({ spread, rounds }) {
  return rounds > 1 ? `±${(spread * 100).toFixed(0)} %` : ''
}
