const opaqueToken = 'opaque'
const jwt = 'jwt'

/** What a framework's own variants stand beside. A JWT is the longer header: the same route pays more for reading it. */
const common = {
  'bare-opaque': { protection: 'bare', token: opaqueToken },
  'bare-jwt': { protection: 'bare', token: jwt },
  'gate-opaque': { protection: 'minimal-gate', token: opaqueToken },
  'gate-jwt': { protection: 'minimal-gate', token: jwt },
  'opaque-cached': { protection: 'opaque-cached', token: opaqueToken },
  'jwt-cached': { protection: 'jwt-cached', token: jwt },
  'cache-off': { protection: 'cache-off', token: opaqueToken },
}

const peers = {
  express: { 'express-oauth2-jwt-bearer': jwt, 'passport-zitadel': opaqueToken },
  fastify: { '@fastify/jwt': jwt, '@fastify/jwt-cached': jwt },
  koa: { 'koa-jwt': jwt },
}

/**
 * What is compared, by `framework.variant`: the same route bare, behind the minimal gate, and protected by this library and
 * by others. Each takes one kind of token.
 */
export const variants = Object.fromEntries(
  Object.entries(peers).flatMap(([framework, others]) =>
    Object.entries({ ...common, ...toVariants(others) }).map(([name, variant]) => [
      `${framework}.${name}`,
      { framework, name, ...variant },
    ]),
  ),
)

function toVariants(others) {
  return Object.fromEntries(Object.entries(others).map(([protection, token]) => [protection, { protection, token }]))
}
