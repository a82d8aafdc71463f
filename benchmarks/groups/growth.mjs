// Whether a check gets slower as there are more roles, longer claims, or more cached tokens.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { runProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'

/** What grows, and what is done with that much of it. */
const kinds = {
  roles: { steps: [1, 10, 100, 1_000, 10_000], operations: ['cached', 'uncached'] },
  claims: { steps: [1, 8, 64], operations: ['cached', 'uncached'] },
  tokens: { steps: [100, 1_000, 10_000, 100_000], operations: ['cached', 'look-up'] },
}

export async function measureGroup({ repeats, scale, ...size }, { seed, cores }) {
  const variants = Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, { steps, operations }]) =>
      steps.flatMap((step) =>
        operations.map((operation) => [`${kind}.${step}.${operation}`, { kind, step, operation }]),
      ),
    ),
  )
  const results = await sample({ repeats, seed }, variants, ({ kind, step, operation }) => {
    const argument = { kind, operation, size, step: kind === 'tokens' ? Math.ceil(step * scale) : step }
    return runProcess('servers/growing-check.mjs', argument, { core: cores.server })
  })
  return toFigures(results, scale)
}

function toFigures(results, scale) {
  const figures = {}
  for (const [name, values] of Object.entries(results)) {
    figures[`growth.${name}`] = { ...toFigure('µs', values), ...(name.startsWith('tokens.') && { scale }) }
  }
  const toGrowth = (kind, operation) => {
    const { steps } = kinds[kind]
    const [least, most] = [steps[0], steps.at(-1)]
    return toRatio(figures[`growth.${kind}.${most}.${operation}`], figures[`growth.${kind}.${least}.${operation}`])
  }
  return {
    ...figures,
    'growth.roles.ratio': toGrowth('roles', 'cached'),
    'growth.claims.ratio': toGrowth('claims', 'cached'),
    'growth.tokens.ratio': { ...toGrowth('tokens', 'cached'), scale },
    'growth.tokens.look-up-ratio': { ...toGrowth('tokens', 'look-up'), scale },
  }
}
