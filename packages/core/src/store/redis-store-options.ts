import { readText, readTimeout, requireKnown } from '../internal/read-option.js'

/**
 * Sends one command, beginning with its name, and resolves with the reply. A reply that is a list is a list of texts.
 *
 * `(args) => client.sendCommand(args)` with node-redis, `(args) => client.call(...args)` with ioredis, and
 * `(args) => client.customCommand([...args])` with GLIDE.
 */
export type SendCommand = (args: readonly [name: string, ...rest: string[]]) => Promise<unknown>

/**
 * Subscribes to a channel, and calls the listener with each message. May return a function, or a promise of one, that
 * ends the subscription: `close()` of the `ZitadelAuth` calls it.
 */
export type Subscribe = (channel: string, listener: (message: string) => void) => unknown

/** The options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /** Sends a command to Redis or Valkey, with the client of your application. It may fail, and may stay pending. */
  readonly sendCommand: SendCommand
  /**
   * Subscribes to the channel of revocations, on a connection of its own. Without it, or when the connection is lost, a
   * process looks for revocations once a second while it gets requests, which wait for that look.
   */
  readonly subscribe?: Subscribe
  /**
   * For how many milliseconds a request waits for the store before it goes on without it.
   *
   * @defaultValue `100`
   */
  readonly timeoutMs?: number
  /**
   * What the names of keys, and of the channel, begin with.
   *
   * @defaultValue `'zitadel-auth:'`
   */
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
 * @throws `TypeError`: when one is unknown, missing or malformed
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
