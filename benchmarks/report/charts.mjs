// The charts of the two pages: one for each question that bars can answer. Their files are in docs/.
import { renderChart } from './chart.mjs'
import { isOurs, toLabel } from './labels.mjs'

const frameworks = ['express', 'fastify', 'koa']

/** They ask ZITADEL for each request, and would leave no room for the others. */
const uncached = ['cache-off', 'passport-zitadel']

const charts = {
  'performance-request.svg': {
    title: 'User CPU of one request',
    note: 'less is better; without those that ask ZITADEL each time',
    sections: frameworks.map((name) => ({ name, pattern: `routes.${name}.*.user-cpu`, without: uncached })),
  },
  'performance-throughput.svg': {
    title: 'Throughput that protection leaves',
    note: 'protected over bare, one core; a full bar is the bare route',
    sections: frameworks.map((name) => ({ name, pattern: `routes.${name}.*.throughput-bare-ratio`, full: 1 })),
  },
  'performance-new-token.svg': {
    title: 'What a new token costs',
    note: 'less is better',
    sections: [
      { name: 'JWT: CPU of a check', pattern: 'uncached-jwt.*.cpu' },
      { name: 'Opaque token: CPU of an introspection', pattern: 'introspection.*.cpu' },
    ],
  },
  'performance-start.svg': {
    title: 'Start of a process to its first answer',
    note: 'less is better',
    sections: frameworks.map((name) => ({ name, pattern: `cold-start.${name}.*.time` })),
  },
}

/** Every chart as SVG, by the name of its file. */
export function renderCharts(figures) {
  return Object.fromEntries(
    Object.entries(charts).map(([file, { sections, ...chart }]) => [
      file,
      renderChart({ ...chart, sections: sections.map((section) => fillSection(section, figures)) }),
    ]),
  )
}

function fillSection({ name, pattern, without = [], full }, figures) {
  const [start, end] = pattern.split('*')
  const bars = Object.entries(figures).flatMap(([key, figure]) => {
    const row = key.startsWith(start) && key.endsWith(end) ? key.slice(start.length, -end.length) : ''
    if (row === '' || row.includes('.') || without.includes(row)) return []
    return [{ label: toLabel(row), figure, isOurs: isOurs(row) }]
  })
  return { name: toLabel(name), bars, full: full ?? Math.max(...bars.map(({ figure }) => figure.value)) }
}
