// The tables of the two pages, made of the figures' names: `section.row.column`. A figure that no table takes is a mistake,
// which a test finds.
import { formatCell, formatFigure } from './format.mjs'
import { isOurs, toLabel } from './labels.mjs'

const routes = ['routes.express', 'routes.fastify', 'routes.koa']

/**
 * For each part of a page its tables: the sections whose figures are in it, what a row is, and the columns in order. A column
 * of minimums says so after a colon.
 */
const parts = {
  cost: [
    {
      sections: routes,
      row: 'one request',
      columns: {
        'user-cpu': 'user CPU',
        'user-cpu:min': 'minimum',
        'system-cpu': 'system CPU',
        'user-cpu-bare-ratio': 'user CPU over bare',
        'user-cpu-gate-ratio': 'over the minimal gate',
      },
    },
  ],
  throughput: [
    {
      sections: routes,
      row: 'one core, 64 connections',
      columns: {
        throughput: 'requests/s',
        'throughput-bare-ratio': 'over bare',
        'throughput-gate-ratio': 'over the minimal gate',
        p99: 'p99',
      },
    },
  ],
  'new-token': [
    {
      sections: ['uncached-jwt'],
      row: 'new JWT, in process',
      columns: { cpu: 'CPU', 'cpu:min': 'minimum', 'jose-ratio': 'over jose' },
    },
    {
      sections: ['introspection'],
      row: 'token introspection',
      columns: {
        cpu: 'CPU',
        'user-cpu': 'of it user',
        'system-cpu': 'system',
        'cpu-ratio': 'CPU over openid-client',
        throughput: 'introspections/s',
        'throughput-ratio': 'over openid-client',
      },
    },
  ],
  'start-up': [
    {
      sections: ['cold-start.express', 'cold-start.fastify', 'cold-start.koa'],
      row: 'start of a process to its first answer',
      columns: { time: 'time', 'time:min': 'minimum', 'bare-ratio': 'over bare' },
    },
    {
      sections: ['import', 'bundle', 'installed'],
      row: 'library',
      columns: {
        time: 'import',
        'jose-ratio': 'over jose',
        gzip: 'bundle, gzip',
        size: 'installed',
        packages: 'packages',
      },
      isJoined: true,
    },
    { sections: ['memory.opaque', 'memory.jwt'], row: 'cached tokens', columns: { 'per-token': 'heap for each' } },
    {
      sections: ['memory'],
      row: 'a full cache and 1,000,000 new tokens',
      columns: { 'heap-before': 'heap before', 'heap-after': 'heap after', 'heap-ratio': 'after over before' },
    },
  ],
  requests: [
    {
      sections: ['concurrency'],
      row: 'requests to the API',
      columns: { 'upstream-calls': 'requests to ZITADEL', 'wall-time': 'time for all' },
    },
  ],
  store: [
    {
      sections: ['store.requests'],
      row: '4 processes, 1,000 tokens, 10 requests each',
      columns: { 'upstream-calls': 'requests to ZITADEL' },
    },
    {
      sections: ['store.token'],
      row: 'a token that is new to a process',
      columns: { cpu: 'CPU', 'cpu:min': 'minimum', 'cpu-ratio': 'over asking ZITADEL' },
    },
  ],
  checks: [
    {
      sections: ['cached-check'],
      row: 'cached token',
      columns: { cpu: 'CPU', 'cpu:min': 'minimum', 'gate-ratio': 'over SHA-256 and Map.get' },
    },
  ],
  busy: [{ sections: routes, row: "the server's core", columns: { busy: 'busy' } }],
  growth: [
    {
      sections: ['growth.roles', 'growth.claims'],
      row: 'roles, and KiB of claims',
      columns: { cached: 'cached', uncached: 'introspected, ZITADEL answering at once' },
    },
    {
      sections: ['growth.tokens'],
      row: 'cached tokens',
      columns: { cached: 'check', 'look-up': 'SHA-256 and Map.get' },
    },
    {
      sections: ['growth'],
      row: 'most over least',
      columns: { ratio: 'check', 'look-up-ratio': 'SHA-256 and Map.get' },
    },
  ],
}

/** Every part as Markdown, by name. */
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
  const rows = new Map()
  for (const [name, figure] of Object.entries(figures)) {
    const place = findPlace(name, table)
    if (place === undefined) continue
    rows.set(place.row, { ...rows.get(place.row), [place.column]: figure })
  }
  const columns = Object.keys(table.columns)
  const head = [table.row, ...Object.values(table.columns)]
  const body = [...rows].map(([row, cells]) => [row, ...columns.map((column) => renderCell(cells, column))])
  return [head, ['---', ...columns.map(() => '---:')], ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Where a figure stands in a table; undefined when it is another table's. */
function findPlace(name, { sections, columns, isJoined = false }) {
  const section = sections.find((prefix) => name.startsWith(`${prefix}.`))
  if (section === undefined) return undefined
  const parents = name.slice(section.length + 1).split('.')
  const column = parents.pop()
  if (parents.length !== 1 || !Object.hasOwn(columns, column)) return undefined
  const label = isOurs(parents[0]) ? `**${toLabel(parents[0])}**` : toLabel(parents[0])
  // Sections that share a table but no rows are told apart in the row.
  const isShared = sections.length > 1 && !isJoined
  return { row: isShared ? `${toLabel(section.split('.').at(-1))}: ${label}` : label, column }
}

function renderCell(cells, column) {
  const [name, minimum] = column.split(':')
  const figure = cells[name]
  if (figure === undefined) return ''
  return minimum === undefined ? formatCell(figure) : formatFigure({ ...figure, value: figure.min })
}
