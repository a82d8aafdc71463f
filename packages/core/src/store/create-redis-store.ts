import type { CacheStore } from '../verification/shared-store.js'
import { connectRedisStore } from './connect-redis-store.js'
import { type RedisStoreOptions, readRedisStoreOptions } from './redis-store-options.js'

/**
 * Makes a store for the cache, in Redis or Valkey, which the processes of an API share: `createZitadelAuth({ …, cache: { store } })`.
 * What one process has asked ZITADEL the others need not ask, and what is revoked in one is revoked in all.
 *
 * All that is written is encrypted and authenticated (AES-256-GCM) with keys that are made of the credentials of the API. Who reads it
 * learns neither tokens nor ids, roles or addresses; who writes it can delete, and grant nothing. A store that fails, or takes longer
 * than `timeoutMs`, is as if there were none.
 *
 * @example
 * ```ts
 * import { createClient } from 'redis'
 *
 * const client = createClient()
 * const subscriber = client.duplicate()
 * for (const each of [client, subscriber]) each.on('error', console.error).connect().catch(console.error)
 * const store = createRedisStore({
 *   sendCommand: (args) => client.sendCommand(args),
 *   subscribe: (channel, listener) => subscriber.subscribe(channel, listener),
 * })
 * ```
 * @param options - how to reach Redis, with the client of the application
 * @throws {TypeError} when an option is unknown, missing or malformed
 */
export function createRedisStore(options: RedisStoreOptions): CacheStore {
  const settings = readRedisStoreOptions(options)
  return { connect: (owner) => connectRedisStore(settings, owner) }
}
