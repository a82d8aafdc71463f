import { formatFigure, formatSpread } from './format.mjs'

/** Prints the figures of a group as it is finished. */
export function printFigures(title, figures) {
  console.log(`\n== ${title}`)
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  for (const [name, figure] of Object.entries(figures)) {
    console.log(`${name.padEnd(width)}  ${formatFigure(figure).padStart(14)}  ${formatSpread(figure)}`)
  }
}

/** Prints which targets are reached. */
export function printTargets(targets) {
  console.log('\n== targets')
  for (const { name, value, limit, atMost, reached } of targets) {
    const found = value === null ? 'not measured' : value.toFixed(2)
    console.log(`${reached ? 'reached' : 'missed '}  ${name}: ${found} (${atMost ? 'at most' : 'at least'} ${limit})`)
  }
}
