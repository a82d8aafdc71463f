/** What is compared on each framework: the same route bare, and protected in each of these ways. */
export const variants = {
  express: ['opaque-cached', 'jwt-cached', 'cache-off', 'express-oauth2-jwt-bearer', 'passport-zitadel'],
  fastify: ['opaque-cached', 'jwt-cached', 'cache-off', '@fastify/jwt', '@fastify/jwt-cached'],
  koa: ['opaque-cached', 'jwt-cached', 'cache-off', 'koa-jwt'],
}

const opaque = ['opaque-cached', 'cache-off', 'passport-zitadel']

/** The kind of token that a variant takes. */
export function toTokenType(variant) {
  return opaque.includes(variant) ? 'opaque' : 'jwt'
}
