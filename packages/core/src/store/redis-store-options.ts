import { readText, readTimeout, requireKnown } from '../internal/read-option.js'

/**
 * Sends one command, its name first, and resolves with the answer. An answer that is a list is a list of texts.
 *
 * `(args) => client.sendCommand(args)` with node-redis, `(args) => client.call(...args)` with ioredis, and
 * `(args) => client.customCommand([...args])` with GLIDE.
 */
export type SendCommand = (args: readonly [name: string, ...rest: string[]]) => Promise<unknown>

/**
 * Subscribes to a channel, and calls the listener with each message. It may give a function that ends the subscription, also by a
 * promise: `close()` of the `ZitadelAuth` calls it.
 */
export type Subscribe = (channel: string, listener: (message: string) => void) => unknown

/** What {@link createRedisStore} takes. */
export interface RedisStoreOptions {
  /** Sends a command to Redis or Valkey, with the client of the application. It may fail, and need not end. */
  readonly sendCommand: SendCommand
  /**
   * Subscribes to the channel of revocations, on a connection of its own. Without it, or when it is lost, a process that gets requests
   * looks once a second. Default: undefined.
   */
  readonly subscribe?: Subscribe
  /** For how many milliseconds a request waits for the store before ZITADEL is asked instead. Default: 100. */
  readonly timeoutMs?: number
  /** What the names of keys, and of the channel, begin with. Default: `zitadel-auth:`. */
  readonly prefix?: string
}

/** Options that have been read. */
export interface RedisStoreSettings {
  readonly sendCommand: SendCommand
  readonly subscribe: Subscribe | undefined
  readonly timeoutMs: number
  readonly prefix: string
}

const known: Readonly<Record<keyof RedisStoreOptions, true>> = {
  sendCommand: true,
  subscribe: true,
  timeoutMs: true,
  prefix: true,
}

/**
 * Reads the options of a store.
 *
 * @throws {TypeError} when one is unknown, missing or malformed
 */
export function readRedisStoreOptions(options: RedisStoreOptions): RedisStoreSettings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createRedisStore takes an object of options')
  requireKnown(options, known, 'option of createRedisStore')
  const { sendCommand, subscribe, timeoutMs = 100, prefix = 'zitadel-auth:' } = options
  if (typeof sendCommand !== 'function') throw new TypeError('sendCommand is a function that sends a command to Redis')
  if (subscribe !== undefined && typeof subscribe !== 'function') {
    throw new TypeError('subscribe is a function that subscribes to a channel')
  }
  return { sendCommand, subscribe, timeoutMs: readTimeout(timeoutMs), prefix: readText(prefix, 'prefix') }
}
