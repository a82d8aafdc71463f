/**
 * Shares cached responses of ZITADEL, and revocations, between the processes of an API: in Redis or Valkey, with the
 * client that your application uses.
 *
 * @module @org/zitadel-auth/redis
 */

export { createRedisStore } from './store/create-redis-store.js'
export type { RedisStoreOptions, SendCommand, Subscribe } from './store/redis-store-options.js'
export type { CacheStore } from './verification/shared-store.js'
