import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderCharts } from '../report/charts.mjs'
import { limits } from '../report/limits.mjs'
import { fillPage, pages, readParts, renderParts } from '../report/page.mjs'
import { listPlaced, renderTables } from '../report/tables.mjs'
import { judge } from '../report/targets.mjs'

const root = join(import.meta.dirname, '../..')
const names = (await readFile(join(import.meta.dirname, 'figure-names.txt'), 'utf8')).trim().split('\n')
const figures = Object.fromEntries(
  names.map((name) => [name, { value: 1, min: 1, spread: 0, unit: 'ratio', rounds: 2 }]),
)
const results = {
  mode: 'full',
  machine: { cpu: '', cores: 2, memoryGiB: 8, system: '', node: '', loadAverage: 0, versions: { jose: '6' } },
  setting: { seed: 1, client: { name: 'wrk', version: 'wrk 4' }, cores: { server: 1, client: 0, zitadel: 0 } },
  sizes: { routes: { repeats: 7 } },
  figures,
  targets: judge(figures),
}
const parts: Readonly<Record<string, string>> = renderParts(results)
const tables: Readonly<Record<string, string>> = renderTables(figures)

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

it('has a place for every figure', () => expect(listPlaced(names)).toEqual(names))

it('puts every part on one page', () =>
  expect(Object.values<readonly string[]>(pages).flat().sort()).toEqual(Object.keys(parts).sort()))

for (const [path, own] of Object.entries<readonly string[]>(pages)) {
  describe(path, async () => {
    const page = await readFile(join(root, path), 'utf8')
    const ownParts = Object.fromEntries(own.map((part) => [part, parts[part]]))

    for (const part of own.filter((name) => Object.hasOwn(tables, name))) {
      it(`holds exactly the figures of the benchmarks in its part "${part}"`, () =>
        expect(toShape(readParts(page)[part] ?? '')).toEqual(toShape(tables[part] ?? '')))
    }

    it('holds no figure outside of what a run writes but what its own example calculates', () => {
      const prose = page.replace(/<!-- bench:[\s\S]*?<!-- \/bench -->/g, '')
      const measured = prose.replace(/ZITADEL Cloud allows[\s\S]*/, '')
      expect(measured).not.toMatch(/\d+(\.\d+)? ?(µs|ms|%|kB|MB|bytes)/)
    })

    it('is filled by a run, and again by the next one', () => {
      const filled = fillPage(page, ownParts)
      expect(readParts(filled)).toEqual(ownParts)
      expect(fillPage(filled, ownParts)).toBe(filled)
    })

    it('refuses to be filled when a part has no marker', () =>
      expect(() => fillPage(page, { ...ownParts, more: '' })).toThrow('more'))
  })
}

describe('the targets', async () => {
  const page = await readFile(join(root, 'benchmarks/README.md'), 'utf8')

  for (const { name, limitedBy } of judge(figures)) {
    it(`are on the page, and can say what limits them: ${name}`, () => {
      expect(readParts(page)['targets']).toContain(`| ${name} |`)
      expect(Object.keys(limits)).toContain(limitedBy)
    })
  }
})

describe('the charts', () => {
  const toLabels = (svg: string) => Array.from(svg.matchAll(/<text x="16" y="\d+">(.+)<\/text>/g), ([, label]) => label)

  for (const [file, chart] of Object.entries<string>(renderCharts(figures))) {
    it(`have a bar for everything they compare: ${file}`, async () => {
      const drawn = toLabels(await readFile(join(root, 'docs', file), 'utf8')).sort()
      expect(drawn).toEqual(toLabels(chart).sort())
      expect(drawn).not.toEqual([])
    })

    it(`are on one of the pages: ${file}`, async () => {
      const places = Object.keys(pages).map(async (path) => {
        const link = join('docs', file)
        return (await readFile(join(root, path), 'utf8')).includes(`](${relative(dirname(path), link)})`)
      })
      expect((await Promise.all(places)).filter(Boolean)).toHaveLength(1)
    })
  }
})
