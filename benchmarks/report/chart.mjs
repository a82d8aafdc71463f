// docs/performance.svg: what protection leaves of a route's throughput, as bars. Narrow enough for a phone; its colours
// follow the reader's light or dark setting.
import { formatFigure } from './format.mjs'

const width = 480
const left = 16
const barHeight = 16
const rowHeight = 44
const titleHeight = 44
const top = 76

const frameworks = { express: 'Express', fastify: 'Fastify', koa: 'Koa' }
const labels = {
  'opaque-cached': 'ours, opaque token remembered',
  'jwt-cached': 'ours, JWT remembered',
  'cache-off': 'ours, cache off',
  '@fastify/jwt-cached': '@fastify/jwt, its cache on',
}

/** The chart of a run's figures. */
export function renderChart(figures) {
  const parts = []
  let y = top
  for (const [framework, title] of Object.entries(frameworks)) {
    parts.push(`<text class="title" x="${left}" y="${y + 24}">${title}</text>`)
    y += titleHeight
    for (const { variant, figure } of findBars(figures, framework)) {
      parts.push(...renderBar(variant, figure, y))
      y += rowHeight
    }
  }
  const [text, height] = [toDescription(figures), y + 8]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">Throughput of a protected route over the bare one</title>
<desc id="description">${text}</desc>
<style>
  text { font: 15px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600; font-size: 17px }
  .title { font-weight: 600; font-size: 16px }
  .note { fill: #59636e }
  .page { fill: #ffffff }
  .whole { fill: #d1d9e0 }
  .ours { fill: #0969da }
  .peer { fill: #818b98 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .page { fill: #0d1117 }
    .whole { fill: #3d444d }
    .ours { fill: #4493f8 }
    .peer { fill: #9198a1 }
  }
</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="head" x="${left}" y="32">What protection leaves of the throughput</text>
<text class="note" x="${left}" y="56">protected over bare, 50 connections; 1.00 is the bare route</text>
${parts.join('\n')}
</svg>
`
}

function findBars(figures, framework) {
  const name = new RegExp(`^routes\\.${framework}\\.(.+)\\.throughput-ratio$`)
  return Object.entries(figures).flatMap(([key, figure]) => {
    const variant = name.exec(key)?.[1]
    return variant === undefined ? [] : [{ variant, figure }]
  })
}

function renderBar(variant, figure, y) {
  const whole = width - 2 * left
  const length = Math.min(figure.value, 1) * whole
  const kind = Object.hasOwn(labels, variant) && !variant.startsWith('@') ? 'ours' : 'peer'
  return [
    `<text x="${left}" y="${y + 14}">${labels[variant] ?? variant}</text>`,
    `<text x="${width - left}" y="${y + 14}" text-anchor="end">${formatFigure(figure)}</text>`,
    `<rect class="whole" x="${left}" y="${y + 20}" width="${whole}" height="${barHeight}" rx="2"/>`,
    `<rect class="${kind}" x="${left}" y="${y + 20}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
  ]
}

/** The same in words, for those who do not see it. */
function toDescription(figures) {
  return Object.entries(frameworks)
    .map(([framework, title]) => {
      const bars = findBars(figures, framework)
      return `${title}: ${bars.map(({ variant, figure }) => `${labels[variant] ?? variant} ${formatFigure(figure)}`).join('; ')}.`
    })
    .join(' ')
}
