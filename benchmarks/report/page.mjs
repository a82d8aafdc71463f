// Writes a run's results into the two pages, between their markers, and the charts beside the first. The prose around the
// markers is written by hand and holds no measured figure.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderCharts } from './charts.mjs'
import { renderTables } from './tables.mjs'
import { renderLimits, renderMachine, renderTargets } from './verdicts.mjs'

const root = join(import.meta.dirname, '../..')
const marked = /<!-- bench:([a-z-]+) -->\n([\s\S]*?)<!-- \/bench -->/g

/** Each page with its parts: the first is for users, the second has everything else. */
export const pages = {
  'docs/performance.md': ['requests', 'store'],
  'benchmarks/README.md': [
    ...['machine', 'targets', 'limits'],
    ...['cost', 'throughput', 'new-token', 'start-up', 'checks', 'busy', 'growth'],
  ],
}

/** Writes the pages and the charts. @param folder another one than the workspace, to look at them first */
export function writePages(results, folder = root) {
  const parts = renderParts(results)
  for (const [path, names] of Object.entries(pages)) {
    const own = Object.fromEntries(names.map((name) => [name, parts[name]]))
    write(join(folder, path), fillPage(readFileSync(join(root, path), 'utf8'), own))
  }
  for (const [file, chart] of Object.entries(renderCharts(results.figures))) write(join(folder, 'docs', file), chart)
}

/** All that a run says, by the name of the marker it belongs to. */
export function renderParts(results) {
  return {
    machine: renderMachine(results),
    targets: renderTargets(results.targets),
    limits: renderLimits(results.targets),
    ...renderTables(results.figures),
  }
}

/** What stands between the markers, by name. */
export function readParts(page) {
  return Object.fromEntries([...page.matchAll(marked)].map(([, name, text]) => [name, text.trim()]))
}

/** Replaces what stands between the markers; every part has its marker and every marker its part. */
export function fillPage(page, parts) {
  const names = Object.keys(readParts(page))
  const without = Object.keys(parts).filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !Object.hasOwn(parts, name))
  if (without.length + unknown.length > 0) {
    throw new Error(`the page and the benchmarks differ in their parts: ${[...without, ...unknown].join(', ')}`)
  }
  return page.replace(marked, (_all, name) => `<!-- bench:${name} -->\n\n${parts[name]}\n\n<!-- /bench -->`)
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
