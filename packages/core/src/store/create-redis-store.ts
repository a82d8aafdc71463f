import type { CacheStore } from '../verification/shared-store.js'
import { connectRedisStore } from './connect-redis-store.js'
import { type RedisStoreOptions, readRedisStoreOptions } from './redis-store-options.js'

/**
 * Creates a store in Redis or Valkey that the processes of an API share, for the option `cache.store` of
 * `createZitadelAuth`. What one process has asked ZITADEL the others need not ask, and what is revoked in one is
 * revoked in all.
 *
 * Everything is encrypted and authenticated (AES-256-GCM) with keys that are derived from the credentials of the API.
 * Who can read the store learns no tokens, ids, roles or addresses; who can write to it can delete, but not grant
 * anything. A store that fails, or takes longer than `timeoutMs`, is ignored.
 *
 * @param options - how to reach Redis, with the client of your application
 * @throws `TypeError`: when an option is unknown, missing or malformed
 *
 * @example
 * ```ts
 * import { createZitadelAuth } from '@org/zitadel-auth'
 * import { createRedisStore } from '@org/zitadel-auth/redis'
 * import { createClient } from 'redis'
 *
 * const client = createClient()
 * const subscriber = client.duplicate()
 * for (const each of [client, subscriber]) each.on('error', console.error).connect().catch(console.error)
 * const store = createRedisStore({
 *   sendCommand: (args) => client.sendCommand(args),
 *   subscribe: (channel, listener) => subscriber.subscribe(channel, listener),
 * })
 * export const auth = createZitadelAuth({ domain: 'my-domain.zitadel.cloud', keyFile: './api.json', cache: { store } })
 * ```
 */
export function createRedisStore(options: RedisStoreOptions): CacheStore {
  const settings = readRedisStoreOptions(options)
  return { connect: (owner) => connectRedisStore(settings, owner) }
}
