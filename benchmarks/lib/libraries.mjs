/** What an application may import to accept tokens, with the library that all of them are measured against first. */
export const libraries = [
  'jose',
  '@org/zitadel-auth',
  'express-oauth2-jwt-bearer',
  'passport-zitadel',
  '@fastify/jwt',
  'koa-jwt',
  'fast-jwt',
  'aws-jwt-verify',
  'openid-client',
  'oauth4webapi',
]
