/** What rows and bars are called where that is not their name. */
const labels = {
  bare: 'bare route',
  'bare-opaque': 'bare route, sent an opaque token',
  'bare-jwt': 'bare route, sent a JWT',
  'gate-opaque': 'minimal gate, opaque token',
  'gate-jwt': 'minimal gate, JWT',
  'opaque-cached': 'ours, opaque token, cached',
  'jwt-cached': 'ours, JWT, cached',
  'cache-off': 'ours, opaque token, cache off',
  '@fastify/jwt-cached': '@fastify/jwt, its cache on',
  'ours-opaque': 'ours, opaque token',
  'ours-jwt': 'ours, JWT',
  'ours-by-promise': 'ours, opaque token, by `await auth.authenticate()`',
  'ours-observed': 'ours, opaque token, with metrics and traces of OpenTelemetry',
  'fast-jwt-cached': 'fast-jwt, its cache on, JWT',
  'fetch-alone': 'fetch and nothing else, assertion signed beforehand',
  'http-alone': 'node:http and nothing else, assertion signed beforehand',
  'one-token': '10,000 at once with one token',
  'many-tokens': '100 each with 1,000 tokens',
  'with-store': 'with a store',
  'without-store': 'without',
  asked: 'ZITADEL is asked',
  found: 'found in the store',
  dead: 'ZITADEL is asked, the store is gone',
  express: 'Express',
  fastify: 'Fastify',
  koa: 'Koa',
}

const ours = [
  'opaque-cached',
  'jwt-cached',
  'cache-off',
  'ours',
  'ours-opaque',
  'ours-jwt',
  'ours-by-promise',
  'ours-observed',
  '@org/zitadel-auth',
]

/** The name to be shown; numbers with their thousands apart. */
export function toLabel(name) {
  return labels[name] ?? (/^\d+$/.test(name) ? Number(name).toLocaleString('en') : name)
}

/** Whether it is this library, and not what it is measured beside. */
export function isOurs(name) {
  return ours.includes(name)
}
