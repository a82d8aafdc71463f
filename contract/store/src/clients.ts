import type { RedisStoreOptions } from '@org/zitadel-auth/redis'
import { GlideClient, GlideClientConfiguration, Logger } from '@valkey/valkey-glide'
import { Redis as IoRedis6 } from 'ioredis'
import { Redis as IoRedis5 } from 'ioredis5'
import * as redis6 from 'redis'
import * as redis5 from 'redis5'

/** A client of an application, with all defaults, and what its recipe says. */
export interface OpenClient extends Required<Pick<RedisStoreOptions, 'sendCommand' | 'subscribe'>> {
  close(): void
}

/** Where to connect, and with which password. */
export interface ClientOptions {
  readonly port: number
  readonly password?: string | undefined
}

/** Opens a client, whether the server is there or not. */
export type OpenRedisClient = (options: ClientOptions) => Promise<OpenClient>

/** All clients, by name. */
export const clients: Readonly<Record<string, OpenRedisClient>> = {
  'node-redis 6': (options) =>
    openNodeRedis(redis6.createClient(toNodeRedisOptions(options)), redis6.createClient(toNodeRedisOptions(options))),
  'node-redis 5': (options) =>
    openNodeRedis(redis5.createClient(toNodeRedisOptions(options)), redis5.createClient(toNodeRedisOptions(options))),
  'ioredis 6': (options) =>
    openIoRedis(new IoRedis6(toIoRedisOptions(options)), new IoRedis6(toIoRedisOptions(options))),
  'ioredis 5': (options) =>
    openIoRedis(new IoRedis5(toIoRedisOptions(options)), new IoRedis5(toIoRedisOptions(options))),
  GLIDE: openGlide,
}

function toNodeRedisOptions({ port, password }: ClientOptions) {
  return { socket: { port, host: '127.0.0.1' }, ...(password === undefined ? {} : { password }) }
}

/** What both versions have. */
interface NodeRedis {
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
  sendCommand(args: readonly string[]): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  destroy(): void
}

async function openNodeRedis(client: NodeRedis, subscriber: NodeRedis): Promise<OpenClient> {
  for (const each of [client, subscriber]) {
    each.on('error', () => {})
    each.connect().catch(() => {})
  }
  return {
    sendCommand: (args) => client.sendCommand(args),
    subscribe: (channel, listener) => subscriber.subscribe(channel, listener),
    close() {
      for (const each of [client, subscriber]) each.destroy()
    },
  }
}

function toIoRedisOptions({ port, password }: ClientOptions) {
  return { port, host: '127.0.0.1', ...(password === undefined ? {} : { password }) }
}

/** What both versions have. */
interface IoRedis {
  on(event: 'error', listener: () => void): unknown
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  call(command: string, ...args: string[]): Promise<unknown>
  subscribe(channel: string): Promise<unknown>
  disconnect(): void
}

async function openIoRedis(client: IoRedis, subscriber: IoRedis): Promise<OpenClient> {
  for (const each of [client, subscriber]) each.on('error', () => {})
  return {
    sendCommand: (args) => client.call(...args),
    subscribe: (channel, listener) => {
      subscriber.on('message', (_channel, message) => listener(message))
      return subscriber.subscribe(channel)
    },
    close() {
      for (const each of [client, subscriber]) each.disconnect()
    },
  }
}

// It writes to the terminal whenever a server goes away, which here they do.
Logger.init('off')

async function openGlide({ port, password }: ClientOptions): Promise<OpenClient> {
  const options: GlideClientConfiguration = {
    addresses: [{ host: '127.0.0.1', port }],
    lazyConnect: true,
    ...(password === undefined ? {} : { credentials: { password } }),
  }
  const client = await GlideClient.createClient(options)
  return {
    sendCommand: (args) => client.customCommand([...args]),
    async subscribe(channel, listener) {
      const channelsAndPatterns = { [GlideClientConfiguration.PubSubChannelModes.Exact]: new Set([channel]) }
      const callback = ({ message }: { readonly message: unknown }) => listener(String(message))
      const subscriber = await GlideClient.createClient({
        ...options,
        lazyConnect: false,
        pubsubSubscriptions: { channelsAndPatterns, callback },
      })
      return () => subscriber.close()
    },
    close: () => client.close(),
  }
}
