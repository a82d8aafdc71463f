/**
 * Share the answers of ZITADEL, and revocations, among the processes of an API: through Redis or Valkey, with any client.
 *
 * @packageDocumentation
 */

export { createRedisStore } from './store/create-redis-store.js'
export type { RedisStoreOptions, SendCommand, Subscribe } from './store/redis-store-options.js'
export type { CacheStore } from './verification/shared-store.js'
