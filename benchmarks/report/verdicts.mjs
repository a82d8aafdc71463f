// What a run says of itself: where and how it ran, which targets it reached, and what limits the others.
import { formatSpread } from './format.mjs'
import { limits } from './limits.mjs'

const runs = {
  full: 'A full run.',
  shortened: 'A run of full length with fewer repeats than a full one, so that a spread says less than it should:',
  quick:
    'A quick run: few and short measurements, and fewer tokens than the tables say. Take every figure with a grain of salt.',
  tiny: 'A run that only looks whether every figure is there. None of them says anything.',
}

/** The machine, how its cores were used, and the versions, as a list. */
export function renderMachine({ mode, machine, setting, sizes }) {
  const { cpu, cores, memoryGiB, system, node, loadAverage, versions } = machine
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `- ${runs[mode]} ${sizes.routes.repeats} measurements of each, in random order (seed ${setting.seed}). Load average before it: ${loadAverage.toFixed(2)}`,
    `- ${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node.js ${node}`,
    `- The client is ${setting.client.version}; ${toCores(setting.cores)}`,
    `- ${libraries.join(', ')}`,
  ].join('\n')
}

/** Every target, what 0.1.0 was found at, what was found now, and the verdict. */
export function renderTargets(targets) {
  const rows = targets.map(({ name, limit, atMost, before, value, spread, rounds, verdict }) => {
    const found = value === null ? 'not measured' : `${toText(value)} ${formatSpread({ spread, rounds })}`.trim()
    const wanted = `${atMost ? 'at most' : 'at least'} ${toText(limit)}`
    return `| ${[name, wanted, before, found, verdict === 'missed' ? '**missed**' : verdict].join(' | ')} |`
  })
  return ['| target | | 0.1.0 | found | |', '| --- | --- | ---: | ---: | --- |', ...rows].join('\n')
}

/** What a profile shows to be the limit, for each target that is missed. */
export function renderLimits(targets) {
  const missed = new Set(targets.filter(({ verdict }) => verdict === 'missed').map(({ limitedBy }) => limitedBy))
  if (missed.size === 0) return 'No target is missed.'
  return [...missed].map((name) => `- ${limits[name]}`).join('\n')
}

function toCores(cores) {
  const roles = Object.entries(cores).map(
    ([role, core]) => `${role === 'zitadel' ? 'ZITADEL' : `the ${role}`} on core ${core}`,
  )
  return roles.join(', ') || 'nothing is pinned to a core'
}

function toText(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(2)))
}
