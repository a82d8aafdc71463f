// Writes a run's results into docs/performance.md, between its markers, and the chart beside it. The prose around the
// markers is written by hand and holds no figure.
import { readFileSync, writeFileSync } from 'node:fs'
import { renderChart } from './chart.mjs'
import { renderTables } from './tables.mjs'
import { renderLimits, renderMachine, renderTargets } from './verdicts.mjs'

const docs = new URL('../../docs/', import.meta.url)
const marked = /<!-- bench:([a-z-]+) -->\n([\s\S]*?)<!-- \/bench -->/g

/** Writes the page and the chart. */
export function writePage(results) {
  const page = new URL('performance.md', docs)
  writeFileSync(page, fillPage(readFileSync(page, 'utf8'), renderParts(results)))
  writeFileSync(new URL('performance.svg', docs), renderChart(results.figures))
}

/** All that a run says, by the name of the marker it belongs to. */
export function renderParts({ mode, machine, figures, targets }) {
  return {
    machine: renderMachine(mode, machine),
    targets: renderTargets(targets),
    limits: renderLimits(targets),
    ...renderTables(figures),
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
    throw new Error(
      `docs/performance.md and the benchmarks differ in their parts: ${[...without, ...unknown].join(', ')}`,
    )
  }
  return page.replace(marked, (_all, name) => `<!-- bench:${name} -->\n\n${parts[name]}\n\n<!-- /bench -->`)
}
