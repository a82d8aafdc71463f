// Everything that is installed, by require.
module.exports = {
  core: require('@org/zitadel-auth'),
  testing: require('@org/zitadel-auth-testing'),
  Express: { adapter: require('@org/zitadel-auth-express'), express: require('express') },
  Fastify: { adapter: require('@org/zitadel-auth-fastify'), fastify: require('fastify') },
  Koa: { adapter: require('@org/zitadel-auth-koa'), Koa: require('koa') },
  gRPC: { adapter: require('@org/zitadel-auth-grpc'), grpc: require('@grpc/grpc-js') },
}
require('@org/zitadel-auth-express/augment')
