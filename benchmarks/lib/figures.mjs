import { median, spread } from './statistics.mjs'

/** One figure: what several rounds say together. */
export function toFigure(unit, values) {
  return { value: median(values), spread: spread(values), unit, rounds: values.length }
}

/** Each round divided by the same round of something else: what both have in common, such as a busy machine, cancels out. */
export function toRatio(values, baseline) {
  return toFigure(
    'ratio',
    values.map((value, round) => value / baseline[round]),
  )
}

/** A figure that is counted, not measured: it has no rounds. */
export function toCount(unit, value) {
  return { value, spread: 0, unit, rounds: 1 }
}
