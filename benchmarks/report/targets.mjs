// What the figures are held to. A target says which way is good; `judge` says whether the figures are there.
const targets = [
  atLeast(
    'routes.express.opaque-cached.throughput-ratio',
    0.95,
    'Express, opaque token remembered: protected over bare',
  ),
  atLeast('routes.express.jwt-cached.throughput-ratio', 0.95, 'Express, JWT remembered: protected over bare'),
  atLeast(
    'routes.fastify.opaque-cached.throughput-ratio',
    0.95,
    'Fastify, opaque token remembered: protected over bare',
  ),
  atLeast('routes.fastify.jwt-cached.throughput-ratio', 0.95, 'Fastify, JWT remembered: protected over bare'),
  atLeast('routes.koa.opaque-cached.throughput-ratio', 0.95, 'Koa, opaque token remembered: protected over bare'),
  atLeast('routes.koa.jwt-cached.throughput-ratio', 0.95, 'Koa, JWT remembered: protected over bare'),
  atMost('cached-check.ours-opaque.sha256-ratio', 3, 'Check of a remembered opaque token, over one SHA-256 of it'),
  atMost('cached-check.ours-jwt.sha256-ratio', 3, 'Check of a remembered JWT, over one SHA-256 of it'),
  atMost('uncached-jwt.ours.jose-ratio', 1, 'Check of a new JWT, over jose alone'),
  atMost('introspection.ours.cpu-ratio', 0.33, 'CPU of an introspection, over that of openid-client'),
  atMost('concurrency.one-token.upstream-calls', 1, 'Questions to ZITADEL for 10,000 requests with one token at once'),
  atMost('concurrency.many-tokens.upstream-calls', 1_000, 'Questions to ZITADEL for 1,000 tokens, 100 requests each'),
  atMost('memory.flood.heap-ratio', 1.1, 'Heap after a million new tokens, over before'),
  atMost(
    'bundle.@org/zitadel-auth.gzip',
    24 * 1_024,
    'Bundle of core with its dependencies, minified and gzip, in bytes',
  ),
  atMost('import.@org/zitadel-auth.jose-ratio', 1.3, 'Import of core, over that of jose alone'),
  atMost('growth.roles.ratio', 1.1, 'Check with 10,000 roles, over one with 1'),
  atMost('growth.claims.ratio', 1.1, 'Check with 64 KiB of claims, over one with 1 KiB'),
  atMost('growth.tokens.ratio', 1.1, 'Check with 100,000 tokens remembered, over one with 100'),
]

/** Every target with what was found; one whose figure is not there is not reached. */
export function judge(figures) {
  return targets.map(({ figure, ...target }) => {
    const value = figures[figure]?.value ?? null
    const reached = value !== null && (target.atMost ? value <= target.limit : value >= target.limit)
    const [limitedBy] = figure.split('.')
    return { ...target, figure, value, reached, limitedBy }
  })
}

function atMost(figure, limit, name) {
  return { figure, limit, name, atMost: true }
}

function atLeast(figure, limit, name) {
  return { figure, limit, name, atMost: false }
}
