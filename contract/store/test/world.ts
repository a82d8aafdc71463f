import { createZitadelAuth, type Logger, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { createRedisStore, type RedisStoreOptions } from '@org/zitadel-auth/redis'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { onTestFinished } from 'vitest'
import { createManualClock, type ManualClock } from '../../../packages/core/test/manual-clock.js'
import type { OpenClient, OpenRedisClient } from '../src/clients.js'
import { createRedisServer, type RedisServer } from '../src/redis-server.js'

/** A process of the API, as far as the store can tell. */
export interface Api {
  readonly auth: ZitadelAuth
  readonly client: OpenClient
  /** What it has logged. */
  readonly logged: string[]
  /** How many commands it has sent for which requests wait. */
  readonly reads: () => number
  /** How many commands have no answer. */
  readonly unanswered: () => number
  /** Resolves when every command that was sent has an answer. */
  untilQuiet(): Promise<void>
}

/** What an {@link Api} is like. */
export interface ApiOptions {
  readonly open: OpenRedisClient
  readonly port?: number
  readonly password?: string
  readonly store?: Omit<Partial<RedisStoreOptions>, 'subscribe'> & { readonly subscribe?: undefined }
  readonly auth?: Partial<ZitadelAuthOptions>
}

/** A local ZITADEL, a Redis, and time that moves by hand. */
export interface StoreWorld extends GuideSetUp {
  readonly zitadel: LocalZitadel
  readonly redis: RedisServer
  readonly clock: ManualClock
  startApi(options: ApiOptions): Promise<Api>
  /** A new token of the guide's user, who is an admin. */
  issueToken(type?: 'opaque' | 'jwt'): string
  /** How often ZITADEL was asked about a token. */
  asked(): number
}

/** Makes a {@link StoreWorld} that ends with the test. Its Redis has not been started. */
export async function createWorld(flags?: readonly string[]): Promise<StoreWorld> {
  const clock = createManualClock()
  const zitadel = await startLocalZitadel({ now: () => clock.now() })
  const redis = await createRedisServer(flags)
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  zitadel.grantRole(guide.user, { project: guide.project, role: 'admin' })
  const opened: Api[] = []
  onTestFinished(async () => {
    for (const { auth, client } of opened) {
      auth.close()
      client.close()
    }
    await redis[Symbol.asyncDispose]()
    await zitadel.close()
  })

  return {
    ...guide,
    zitadel,
    redis,
    clock,
    async startApi({ open, port = redis.port, password, store, auth }) {
      const client = await open({ port, password })
      const logged: string[] = []
      const logger: Logger = { warn: (line) => void logged.push(line), error: (line) => void logged.push(line) }
      let [sent, answered, reads] = [0, 0, 0]
      const sendCommand: RedisStoreOptions['sendCommand'] = (args) => {
        sent += 1
        reads += Number(args[0] === 'GET')
        return client.sendCommand(args).finally(() => {
          answered += 1
        })
      }
      const api: Api = {
        auth: createZitadelAuth({
          ...{ domain: zitadel.issuer, key: guide.key, clock, logger },
          cache: {
            store: createRedisStore({ sendCommand, subscribe: client.subscribe, ...store } as RedisStoreOptions),
          },
          ...auth,
        } as ZitadelAuthOptions),
        client,
        logged,
        reads: () => reads,
        unanswered: () => sent - answered,
        async untilQuiet() {
          await turn()
          while (sent > answered) await turn()
          await turn()
        },
      }
      opened.push(api)
      return api
    },
    issueToken: (type = 'opaque') => zitadel.issueAccessToken(guide.user, { type, audience: [guide.project.id] }),
    asked: () => zitadel.requests.introspection,
  }
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
