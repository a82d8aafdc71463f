// Everything that is installed, by require.
module.exports = {
  core: require('@org/zitadel-auth'),
  testing: require('@org/zitadel-auth-testing'),
  Express: { adapter: require('@org/zitadel-auth-express'), express: require('express') },
  Fastify: { adapter: require('@org/zitadel-auth-fastify'), fastify: require('fastify') },
  Koa: { adapter: require('@org/zitadel-auth-koa'), Koa: require('koa') },
  Hono: {
    adapter: require('@org/zitadel-auth-fetch/hono'),
    Hono: require('hono').Hono,
    bridge: require('@hono/node-server'),
  },
  'Fetch API': { adapter: require('@org/zitadel-auth-fetch'), bridge: require('@hono/node-server') },
  NestJS: {
    adapter: require('@org/zitadel-auth-nest'),
    common: require('@nestjs/common'),
    core: require('@nestjs/core'),
  },
  gRPC: { adapter: require('@org/zitadel-auth-grpc'), grpc: require('@grpc/grpc-js') },
}
require('@org/zitadel-auth-express/augment')
