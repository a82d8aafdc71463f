// A chart of bars as SVG. Narrow enough for a phone; its colors follow the reader's light or dark setting.
import { formatFigure } from './format.mjs'

const width = 480
const left = 16
const barHeight = 16
const rowHeight = 44
const titleHeight = 44
const top = 76

/** Draws sections of bars, each section to its own scale. */
export function renderChart({ title, note, sections }) {
  const parts = []
  let y = top
  for (const { name, bars, full } of sections) {
    parts.push(`<text class="title" x="${left}" y="${y + 24}">${name}</text>`)
    y += titleHeight
    for (const bar of bars) {
      parts.push(...renderBar(bar, full, y))
      y += rowHeight
    }
  }
  const height = y + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${title}</title>
<desc id="description">${toDescription(sections)}</desc>
<style>
  text { font: 15px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600; font-size: 17px }
  .title { font-weight: 600; font-size: 16px }
  .note { fill: #59636e }
  .page { fill: #ffffff }
  .whole { fill: #d1d9e0 }
  .ours { fill: #0969da }
  .other { fill: #818b98 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .page { fill: #0d1117 }
    .whole { fill: #3d444d }
    .ours { fill: #4493f8 }
    .other { fill: #9198a1 }
  }
</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="head" x="${left}" y="32">${title}</text>
<text class="note" x="${left}" y="56">${note}</text>
${parts.join('\n')}
</svg>
`
}

function renderBar({ label, figure, isOurs }, full, y) {
  const whole = width - 2 * left
  const length = Math.min(figure.value / full, 1) * whole
  const kind = isOurs ? 'ours' : 'other'
  return [
    `<text x="${left}" y="${y + 14}">${label}</text>`,
    `<text x="${width - left}" y="${y + 14}" text-anchor="end">${formatFigure(figure)}</text>`,
    `<rect class="whole" x="${left}" y="${y + 20}" width="${whole}" height="${barHeight}" rx="2"/>`,
    `<rect class="${kind}" x="${left}" y="${y + 20}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
  ]
}

/** The same in words, for those who do not see it. */
function toDescription(sections) {
  return sections
    .map(
      ({ name, bars }) => `${name}: ${bars.map(({ label, figure }) => `${label} ${formatFigure(figure)}`).join('; ')}.`,
    )
    .join(' ')
}
