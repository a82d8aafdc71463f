import { median, spread } from './statistics.mjs'

/** One figure: what several measurements of the same say together. */
export function toFigure(unit, values) {
  return { value: median(values), min: Math.min(...values), spread: spread(values), unit, rounds: values.length }
}

/**
 * One figure over another: the median over the median, and the minimum over the minimum. What each was measured with has
 * nothing to do with the other, so their spreads add up as the sides of a right triangle do.
 */
export function toRatio(figure, baseline) {
  return {
    value: figure.value / baseline.value,
    min: figure.min / baseline.min,
    spread: Math.hypot(figure.spread, baseline.spread),
    unit: 'ratio',
    rounds: Math.min(figure.rounds, baseline.rounds),
  }
}

/** A figure that is counted, not measured: it has no spread. */
export function toCount(unit, value) {
  return { value, min: value, spread: 0, unit, rounds: 1 }
}
