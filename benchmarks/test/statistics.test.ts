import { describe, expect, it } from 'vitest'
import { findDifferences } from '../lib/differences.mjs'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { median, quantile, spread } from '../lib/statistics.mjs'
import { formatCell } from '../report/format.mjs'

describe('median', () => {
  it('is the middle one in order', () => expect(median([9, 1, 5])).toBe(5))
  it('is between the two middle ones of an even count', () => expect(median([4, 1, 2, 9])).toBe(3))
})

describe('quantile', () => {
  it('lies between neighbors in proportion', () => expect(quantile([0, 10], 0.25)).toBe(2.5))
})

describe('spread', () => {
  it('is half the distance between the lowest and the highest over the median', () =>
    expect(spread([8, 10, 14])).toBe(0.3))
  it('is none for one measurement', () => expect(spread([7])).toBe(0))
  it('is none where there is nothing', () => expect(spread([0, 0])).toBe(0))
})

describe('toFigure', () => {
  it('keeps the median, the minimum, the spread and how many there were', () =>
    expect(toFigure('µs', [14, 8, 10])).toEqual({ value: 10, min: 8, spread: 0.3, unit: 'µs', rounds: 3 }))
})

describe('toRatio', () => {
  const figure = { value: 12, min: 9, spread: 0.03, unit: 'µs', rounds: 7 }
  const baseline = { value: 10, min: 6, spread: 0.04, unit: 'µs', rounds: 7 }

  it('is one median over the other, and one minimum over the other', () =>
    expect(toRatio(figure, baseline)).toMatchObject({ value: 1.2, min: 1.5, unit: 'ratio', rounds: 7 }))
  it('spreads as both together', () => expect(toRatio(figure, baseline).spread).toBeCloseTo(0.05))
})

describe('formatCell', () => {
  const ratio = { min: 1, spread: 0.05, unit: 'ratio', rounds: 7 }

  it('calls a difference none inside the spread', () =>
    expect(formatCell({ ...ratio, value: 1.04 })).toBe('1.04 ±5 % (none)'))
  it('leaves a difference outside of it alone', () => expect(formatCell({ ...ratio, value: 1.06 })).toBe('1.06 ±5 %'))
})

describe('findDifferences', () => {
  const figure = { value: 10, min: 10, spread: 0.1, unit: 'µs', rounds: 7 }

  it('finds none where the spreads of two runs meet', () =>
    expect(findDifferences({ a: figure }, { a: { ...figure, value: 11.5 } })).toEqual([]))
  it('finds none in a hundredth of what was counted once', () => {
    const heap = { value: 1_793, min: 1_793, spread: 0, unit: 'bytes', rounds: 1 }
    const found = [1_780, 1_770].map((value) => findDifferences({ a: heap }, { a: { ...heap, value } }).length)
    expect(found).toEqual([0, 1])
  })
  it('finds what lies further apart', () => {
    const other = { ...figure, value: 13 }
    expect(findDifferences({ a: figure }, { a: other })).toEqual([{ name: 'a', figures: [figure, other] }])
  })
})
