import { type Endpoint, endpoints } from './fault-proxy.js'

/** What was measured, by fault and endpoint. */
export type MeasuredTable = ReadonlyMap<string, Readonly<Record<Endpoint, string>>>

const table = /(<!-- measured: [^>]*-->\n)[\s\S]*?(<!-- end -->)/

/** Puts what was measured where the page has its table. */
export function withMeasured(page: string, measured: MeasuredTable): string {
  return page.replace(table, (_all, start: string, end: string) => `${start}\n${toMarkdown(measured)}\n\n${end}`)
}

function toMarkdown(measured: MeasuredTable): string {
  const rows = [...measured].map(([fault, cells]) => toRow([fault, ...endpoints.map((endpoint) => cells[endpoint])]))
  return [toRow(['fault', ...endpoints]), toRow(['---', '---', '---', '---']), ...rows].join('\n')
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
