const digits = { ratio: 2, 'req/s': 0, bytes: 0, requests: 0, packages: 0, '%': 0 }

/** Their column says what is counted. */
const withoutUnit = ['ratio', 'requests', 'packages']

/** A figure as text, with its unit. */
export function formatFigure({ value, unit }) {
  if (unit === 'bytes' && value >= 10_000) return `${(value / 1_000).toFixed(1)} kB`
  const decimals = digits[unit] ?? (value < 10 ? 2 : value < 100 ? 1 : 0)
  const number = value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return withoutUnit.includes(unit) ? number : `${number} ${unit}`
}

/** How far apart the measurements were; nothing for a count. */
export function formatSpread({ spread, rounds }) {
  return rounds > 1 ? `±${(spread * 100).toFixed(0)} %` : ''
}

/** A figure with its spread, and of a ratio whether it says anything: a difference inside the spread is none. */
export function formatCell(figure) {
  const isNone =
    figure.unit === 'ratio' && figure.rounds > 1 && Math.abs(figure.value - 1) <= figure.spread * figure.value
  return [formatFigure(figure), formatSpread(figure), isNone ? '(none)' : ''].filter((text) => text !== '').join(' ')
}
