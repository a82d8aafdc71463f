import { formatFigure, formatSpread } from './format.mjs'

/** Prints what the measurements have in common, before the first of them. */
export function printSetting({ seed, client, cores }) {
  const pinned = Object.entries(cores).map(([role, core]) => `${role} on core ${core}`)
  console.log(`client: ${client.version}; ${pinned.join(', ') || 'not pinned to cores'}`)
  console.log(`in random order: --seed ${seed} brings the same one back`)
}

/** Prints the figures of a group as it is finished: the median, its spread, and the minimum. */
export function printFigures(title, figures) {
  console.log(`\n== ${title}`)
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  for (const [name, figure] of Object.entries(figures)) {
    const minimum = figure.rounds > 1 ? `min ${formatFigure({ ...figure, value: figure.min })}` : ''
    const cells = [name.padEnd(width), formatFigure(figure).padStart(14), formatSpread(figure).padEnd(6), minimum]
    console.log(cells.join('  ').trimEnd())
  }
}

/** Prints which targets are reached. */
export function printTargets(targets) {
  console.log('\n== targets')
  for (const { name, value, spread, rounds, limit, atMost, verdict } of targets) {
    const found = value === null ? 'not measured' : `${value.toFixed(2)} ${formatSpread({ spread, rounds })}`.trim()
    console.log(`${verdict.padEnd(14)}  ${name}: ${found} (${atMost ? 'at most' : 'at least'} ${limit})`)
  }
}
