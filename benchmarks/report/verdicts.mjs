// What a run says of itself in docs/performance.md: where it ran, which targets it reached, and what limits the others.
import { limits } from './limits.mjs'

const runs = {
  full: 'A full run.',
  quick:
    'A quick run: few and short rounds, and fewer tokens than the tables say. Take every figure with a grain of salt.',
  tiny: 'A run that only looks whether every figure is there. None of them says anything.',
}

/** The machine and the versions, as a list. */
export function renderMachine(mode, { cpu, cores, memoryGiB, system, node, loadAverage, versions }) {
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `- ${runs[mode]} Load average before it: ${loadAverage.toFixed(2)}`,
    `- ${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node.js ${node}`,
    `- ${libraries.join(', ')}`,
  ].join('\n')
}

/** Every target, what was found, and whether that reaches it. */
export function renderTargets(targets) {
  const rows = targets.map(({ name, limit, atMost, value, reached }) => {
    const cells = [
      name,
      `${atMost ? 'at most' : 'at least'} ${toText(limit)}`,
      toText(value),
      reached ? 'yes' : '**no**',
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| target | | found | reached |', '| --- | --- | ---: | --- |', ...rows].join('\n')
}

/** What a profile shows to be the limit, for each target that is not reached. */
export function renderLimits(targets) {
  const missed = new Set(targets.filter(({ reached }) => !reached).map(({ limitedBy }) => limitedBy))
  if (missed.size === 0) return 'Every target is reached.'
  return [...missed].map((name) => `- ${limits[name]}`).join('\n')
}

function toText(value) {
  if (value === null) return 'not measured'
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(2)))
}
