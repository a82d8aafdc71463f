// The tables of docs/performance.md, made of the figures' names: `section.row.column`. A figure that no table takes is a
// mistake, which a test finds.
import { formatFigure, formatSpread } from './format.mjs'

const routeColumns = {
  throughput: 'requests/s',
  'throughput-ratio': 'over bare',
  p99: 'p99',
  'p99-ratio': 'over bare',
  cpu: 'CPU each',
  'cpu-ratio': 'over bare',
}

const introspectionColumns = {
  throughput: 'questions/s',
  'throughput-ratio': 'over openid-client',
  cpu: 'CPU each',
  'cpu-ratio': 'over openid-client',
}

/** For each part of the page its tables: the sections whose figures are in it, what a row is, and the columns in order. */
const parts = {
  routes: [
    { sections: ['routes.express'], row: 'Express', columns: routeColumns },
    { sections: ['routes.fastify'], row: 'Fastify', columns: routeColumns },
    { sections: ['routes.koa'], row: 'Koa', columns: routeColumns },
  ],
  checks: [
    {
      sections: ['cached-check'],
      row: 'token seen before',
      columns: { time: 'time', 'sha256-ratio': 'over one SHA-256 of the token' },
    },
    { sections: ['uncached-jwt'], row: 'new JWT', columns: { time: 'time', 'jose-ratio': 'over jose' } },
  ],
  introspection: [{ sections: ['introspection'], row: 'every token new', columns: introspectionColumns }],
  concurrency: [
    {
      sections: ['concurrency'],
      row: 'requests',
      columns: { 'upstream-calls': 'questions to ZITADEL', 'wall-time': 'time for all' },
    },
  ],
  memory: [
    { sections: ['memory.opaque', 'memory.jwt'], row: 'tokens remembered', columns: { 'per-token': 'heap for each' } },
    {
      sections: ['memory'],
      row: 'a full cache and 1,000,000 new tokens',
      columns: { 'heap-before': 'heap before', 'heap-after': 'heap after', 'heap-ratio': 'after over before' },
    },
  ],
  'start-up': [
    { sections: ['import'], row: 'import', columns: { time: 'time', 'jose-ratio': 'over jose' } },
    {
      sections: ['cold-start.express', 'cold-start.fastify', 'cold-start.koa'],
      row: 'start of a process to its first answer',
      columns: { time: 'time', 'bare-ratio': 'over bare' },
    },
  ],
  weight: [
    {
      sections: ['bundle', 'installed'],
      row: 'library',
      columns: { gzip: 'bundle, gzip', size: 'installed', packages: 'packages' },
    },
  ],
  growth: [
    {
      sections: ['growth.roles', 'growth.claims'],
      row: 'roles, and KiB of claims',
      columns: { cached: 'remembered', uncached: 'asked, ZITADEL answering at once' },
    },
    {
      sections: ['growth.tokens'],
      row: 'tokens remembered',
      columns: { cached: 'check', 'look-up': 'SHA-256 and one look into a Map' },
    },
    {
      sections: ['growth'],
      row: 'most over least',
      columns: { ratio: 'check', 'look-up-ratio': 'SHA-256 and one look into a Map' },
    },
  ],
}

/** What rows are called on the page where that is not their name. */
const labels = {
  bare: 'the bare route',
  'opaque-cached': '**ours**, opaque token remembered',
  'jwt-cached': '**ours**, JWT remembered',
  'cache-off': '**ours**, opaque token, cache off',
  '@fastify/jwt-cached': '@fastify/jwt, its cache on',
  'sha256-opaque': 'one SHA-256 of the opaque token',
  'sha256-jwt': 'one SHA-256 of the JWT',
  'ours-opaque': '**ours**, opaque token',
  'ours-jwt': '**ours**, JWT',
  'fast-jwt-cached': 'fast-jwt, its cache on',
  ours: '**ours**',
  '@org/zitadel-auth': '**@org/zitadel-auth**',
  'fetch-alone': '`fetch` and nothing else, signed beforehand',
  'http-alone': '`node:http` and nothing else, signed beforehand',
  'one-token': '10,000 at once with one token',
  'many-tokens': '100 each with 1,000 tokens',
}

/** Every part of the page as Markdown, by name. */
export function renderTables(figures) {
  return Object.fromEntries(
    Object.entries(parts).map(([part, tables]) => [
      part,
      tables.map((table) => renderTable(table, figures)).join('\n\n'),
    ]),
  )
}

/** The names of the figures that have a place in the tables. */
export function listPlaced(names) {
  return names.filter((name) =>
    Object.values(parts)
      .flat()
      .some((table) => findPlace(name, table) !== undefined),
  )
}

function renderTable(table, figures) {
  const columns = Object.keys(table.columns)
  const rows = new Map()
  for (const [name, figure] of Object.entries(figures)) {
    const place = findPlace(name, table)
    if (place === undefined) continue
    const row = rows.get(place.row) ?? {}
    rows.set(place.row, { ...row, [place.column]: figure })
  }
  const head = [table.row, ...Object.values(table.columns)]
  const body = [...rows].map(([row, cells]) => [row, ...columns.map((column) => renderCell(cells[column]))])
  return [head, ['---', ...columns.map(() => '---:')], ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Where a figure stands in a table; undefined when it is another table's. */
function findPlace(name, { sections, columns }) {
  const section = sections.find((prefix) => name.startsWith(`${prefix}.`))
  if (section === undefined) return undefined
  const parents = name.slice(section.length + 1).split('.')
  const column = parents.pop()
  if (parents.length !== 1 || !Object.hasOwn(columns, column)) return undefined
  return { row: toRowLabel(section, parents[0], sections), column }
}

/** Sections that share a table but no rows are told apart in the row. */
function toRowLabel(section, row, sections) {
  const label = labels[row] ?? (/^\d+$/.test(row) ? Number(row).toLocaleString('en') : row)
  return sections.length === 1 || section === 'bundle' || section === 'installed'
    ? label
    : `${section.split('.').at(-1)}: ${label}`
}

function renderCell(figure) {
  if (figure === undefined) return ''
  return [formatFigure(figure), formatSpread(figure)].filter((text) => text !== '').join(' ')
}
