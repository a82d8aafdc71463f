import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderChart } from '../report/chart.mjs'
import { limits } from '../report/limits.mjs'
import { fillPage, readParts, renderParts } from '../report/page.mjs'
import { listPlaced, renderTables } from '../report/tables.mjs'
import { judge } from '../report/targets.mjs'

const docs = join(import.meta.dirname, '../../docs')
const page = await readFile(join(docs, 'performance.md'), 'utf8')
const names = (await readFile(join(import.meta.dirname, 'figure-names.txt'), 'utf8')).trim().split('\n')
const figures = Object.fromEntries(names.map((name) => [name, { value: 1, spread: 0, unit: 'ratio', rounds: 2 }]))
const machine = { cpu: '', cores: 2, memoryGiB: 8, system: '', node: '', loadAverage: 0, versions: { jose: '6' } }

/** Which figures a table holds: its head, the first cell of each row, and where there is a figure and where none. In order, whatever the run's was. */
function toShape(markdown: string): string[] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'))
  return lines
    .map((line) => {
      const [, first = '', ...cells] = line.split('|').map((cell) => cell.trim())
      return [first, ...cells.map((cell) => (/\d/.test(cell) ? 'a figure' : cell))].join(' | ')
    })
    .sort()
}

describe('docs/performance.md', () => {
  it('has a place for every figure', () => expect(listPlaced(names)).toEqual(names))

  for (const [part, tables] of Object.entries<string>(renderTables(figures))) {
    it(`holds exactly the figures of the benchmarks in its part "${part}"`, () =>
      expect(toShape(readParts(page)[part] ?? '')).toEqual(toShape(tables)))
  }

  it('names every target', () => {
    for (const { name } of judge(figures)) expect(readParts(page)['targets']).toContain(`| ${name} |`)
  })

  it('can say what limits every target', () => {
    for (const { limitedBy } of judge(figures)) expect(Object.keys(limits)).toContain(limitedBy)
  })

  it('holds no figure outside of what a run writes but what its own example calculates', () => {
    const prose = page.replace(/<!-- bench:[\s\S]*?<!-- \/bench -->/g, '').split('\n## What to tune')[0] ?? ''
    expect(prose).not.toMatch(/\d+(\.\d+)? ?(µs|ms|%|kB|MB|bytes)/)
  })

  it('is filled by a run, and again by the next one', () => {
    const parts = renderParts({ mode: 'full', machine, figures, targets: judge(figures) })
    const filled = fillPage(page, parts)
    expect(readParts(filled)).toEqual(parts)
    expect(fillPage(filled, parts)).toBe(filled)
  })

  it('refuses to be filled when a part has no marker', () =>
    expect(() => fillPage(page, { ...readParts(page), more: '' })).toThrow('more'))
})

describe('docs/performance.svg', () => {
  it('has a bar for every protected route', async () => {
    const chart = await readFile(join(docs, 'performance.svg'), 'utf8')
    const toLabels = (svg: string) =>
      Array.from(svg.matchAll(/<text x="16" y="\d+">(.+)<\/text>/g), ([, label]) => label)
    expect(toLabels(chart).sort()).toEqual(toLabels(renderChart(figures)).sort())
  })
})
