// What the figures are held to, and what 0.1.0 was found at. A target says which way is good; `judge` says whether the
// figures are there.
const frameworks = { express: 'Express', fastify: 'Fastify', koa: 'Koa' }
const kinds = { 'opaque-cached': 'opaque token', 'jwt-cached': 'JWT' }

const targets = [
  ...eachRoute((route, name) =>
    route.startsWith('express.')
      ? atMost(`routes.${route}.user-cpu-gate-ratio`, 1.04, `${name}: user CPU over the minimal gate`, '1.10')
      : atMost(`routes.${route}.user-cpu-gate-ratio`, 1.1, `${name}: user CPU over the minimal gate`, '1.35 to 1.55'),
  ),
  ...eachRoute((route, name) =>
    atLeast(
      `routes.${route}.throughput-gate-ratio`,
      0.95,
      `${name}: throughput over the minimal gate`,
      route.startsWith('fastify.') ? '0.75 to 0.80' : '',
    ),
  ),
  atMost('cached-check.ours-opaque.gate-ratio', 1.7, 'Cached opaque token: check over SHA-256 and Map.get', '3.2'),
  atMost('cached-check.ours-jwt.gate-ratio', 1.7, 'Cached JWT: check over SHA-256 and Map.get', '3.2'),
  atMost('introspection.ours.cpu-ratio', 0.25, 'Token introspection: CPU over openid-client', '0.63'),
  atMost('uncached-jwt.ours.jose-ratio', 0.5, 'New JWT: check over jose alone', '1.19'),
  ...eachRoute((route, name) =>
    atMost(
      `cold-start.${route}.bare-ratio`,
      1.25,
      `${name}: first answer of a fresh process, over the bare route`,
      '1.4',
    ),
  ),
  atMost(
    'bundle.@org/zitadel-auth.gzip',
    24 * 1_024,
    'Main entry with its dependencies, minified and gzip, in bytes',
    '20.0 KiB',
  ),
  atMost(
    'concurrency.one-token.upstream-calls',
    1,
    'Requests to ZITADEL for 10,000 requests with one token at once',
    '1',
  ),
  atMost(
    'concurrency.many-tokens.upstream-calls',
    1_000,
    'Requests to ZITADEL for 1,000 tokens, 100 requests each',
    '1,000',
  ),
  atMost(
    'store.requests.with-store.upstream-calls',
    1_050,
    'Requests to ZITADEL for 1,000 tokens, 10 requests each, spread over 4 processes with a store',
    '',
  ),
  atMost('store.token.dead.cpu-ratio', 1.05, 'Asking ZITADEL while the store is gone, CPU over asking without one', ''),
  atMost('memory.flood.heap-ratio', 1.1, 'Heap after a million new tokens, over before', '1.01'),
  atMost('import.@org/zitadel-auth.jose-ratio', 1.3, 'Import of the main entry, over that of jose alone', '0.86'),
  atMost('growth.roles.ratio', 1.1, 'Check with 10,000 roles, over one with 1', '0.99'),
  atMost('growth.claims.ratio', 1.1, 'Check with 64 KiB of claims, over one with 1 KiB', '1.03'),
  atMost('growth.tokens.ratio', 1.1, 'Check with 100,000 cached tokens, over one with 100', '2.78'),
]

/** Every target with what was found and the verdict on it. */
export function judge(figures) {
  return targets.map((target) => {
    const { value = null, spread = 0, rounds = 1 } = figures[target.figure] ?? {}
    const [limitedBy] = target.figure.split('.')
    return { ...target, value, spread, rounds, verdict: toVerdict(target, value, spread), limitedBy }
  })
}

/** A target is missed by more than the spread, or not at all: `in the spread` is neither. */
function toVerdict({ limit, atMost }, value, spread) {
  if (value === null) return 'missed'
  const excess = atMost ? value - limit : limit - value
  if (excess <= 0) return 'reached'
  return excess <= spread * value ? 'in the spread' : 'missed'
}

function eachRoute(toTarget) {
  return Object.entries(frameworks).flatMap(([framework, title]) =>
    Object.entries(kinds).map(([variant, kind]) => toTarget(`${framework}.${variant}`, `${title}, ${kind}`)),
  )
}

function atMost(figure, limit, name, before) {
  return { figure, limit, name, before, atMost: true }
}

function atLeast(figure, limit, name, before) {
  return { figure, limit, name, before, atMost: false }
}
