// One check in process, beside the peers: of a token that has been seen before, and of a JWT that has not.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { runProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

/** Each with the operation that it runs and, but for the two baselines themselves, what it is measured against. */
const checks = {
  'cached-check.gate-opaque': { operation: 'map-get', kind: 'opaque' },
  'cached-check.ours-opaque': { operation: 'ours-opaque', kind: 'opaque', over: 'gate' },
  'cached-check.ours-by-promise': { operation: 'ours-by-promise', kind: 'opaque', over: 'gate' },
  'cached-check.ours-observed': { operation: 'ours-observed', kind: 'opaque', over: 'gate' },
  'cached-check.gate-jwt': { operation: 'map-get', kind: 'jwt' },
  'cached-check.ours-jwt': { operation: 'ours-jwt', kind: 'jwt', over: 'gate' },
  'cached-check.fast-jwt-cached': { operation: 'fast-jwt-cached', kind: 'jwt', over: 'gate' },
  'uncached-jwt.jose': { operation: 'jose', kind: 'jwt' },
  'uncached-jwt.ours': { operation: 'ours', kind: 'jwt', over: 'jose' },
  'uncached-jwt.aws-jwt-verify': { operation: 'aws-jwt-verify', kind: 'jwt', over: 'jose' },
  'uncached-jwt.fast-jwt': { operation: 'fast-jwt', kind: 'jwt', over: 'jose' },
}

export async function measureGroup({ repeats, ...size }, setting) {
  const { seed, cores } = setting
  const zitadel = await startZitadel(setting)
  const results = await sample({ repeats, seed }, checks, async ({ operation, kind }) => {
    const [token] = await zitadel.issueTokens(kind, 1)
    const argument = { operation, size, token, zitadel }
    return runProcess('servers/check.mjs', argument, { core: cores.server })
  })
  await zitadel.stop()
  return toFigures(results)
}

function toFigures(results) {
  const figures = {}
  for (const name of Object.keys(checks)) figures[`${name}.cpu`] = toFigure('µs', results[name])
  for (const [name, { kind, over }] of Object.entries(checks)) {
    if (over === undefined) continue
    const baseline = over === 'gate' ? `cached-check.gate-${kind}` : 'uncached-jwt.jose'
    figures[`${name}.${over}-ratio`] = toRatio(figures[`${name}.cpu`], figures[`${baseline}.cpu`])
  }
  return figures
}
