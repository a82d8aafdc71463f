import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent } from 'node:https'
import {
  createZitadelAuth,
  type DiagnosticEvents,
  type Fetch,
  type ZitadelAuth,
  type ZitadelAuthOptions,
} from '@org/zitadel-auth'
import { type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { Agent as Dispatcher, fetch as fetchByUndici } from 'undici'
import type { Emissions } from './emissions.js'
import { type Endpoint, endpoints, type FaultProxy } from './fault-proxy.js'

/** A ZITADEL with what every case needs: two applications, a user, and a token of each kind. */
export interface World {
  readonly zitadel: LocalZitadel
  readonly projectId: string
  readonly userId: string
  readonly tokens: { readonly opaque: string; readonly jwt: string }
  readonly credentials: {
    readonly key: { readonly key: ReturnType<typeof setUpGuide>['key'] }
    readonly secret: { readonly clientId: string; readonly clientSecret: string }
  }
  readonly startMs: number
}

/** What ZITADEL says of the user in every answer about their token, and nobody may repeat. */
export const claimValue = 'premium, and paid until the year after next'

/** For so long an API may believe to be ahead of its ZITADEL, which a moved clock makes it. */
const headStartMs = 5 * 60 * 1_000

/** Makes a {@link World}. */
export async function createWorld(): Promise<World> {
  const startMs = Date.now()
  let nowMs = startMs
  const zitadel = await startLocalZitadel({ now: () => nowMs })
  const { key, project, user, token } = setUpGuide(zitadel)
  const withSecret = zitadel.createApiApplication(project, { name: 'with a secret', authMethod: 'basic' })
  zitadel.setMetadata(user, { plan: claimValue })
  const jwt = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
  // Clocks of APIs move by hand in every case, and assertions from the future are refused.
  nowMs += headStartMs
  return {
    zitadel,
    projectId: project.id,
    userId: user.id,
    tokens: { opaque: token, jwt },
    credentials: {
      key: { key },
      secret: { clientId: withSecret.clientId, clientSecret: withSecret.clientSecret },
    },
    startMs,
  }
}

/** The library behind a fault proxy, with time of its own and a count of its questions. */
export interface Client {
  readonly auth: ZitadelAuth
  readonly calls: () => Readonly<Record<Endpoint, number>>
  advanceSeconds(seconds: number): void
}

/** Makes a {@link Client}. */
export function createClient(
  world: World,
  proxy: FaultProxy,
  emissions: Emissions,
  options: Partial<ZitadelAuthOptions>,
): Client {
  let nowMs = world.startMs
  const advanceSeconds = (seconds: number): void => {
    nowMs += seconds * 1_000
  }
  const calls: Record<Endpoint, number> = { discovery: 0, keys: 0, introspection: 0 }
  const count = (event: unknown): void => {
    const { url } = event as DiagnosticEvents['upstream']
    const endpoint = endpoints.find((name) => url.startsWith(`${proxy.urls[name]}/`))
    if (endpoint !== undefined) calls[endpoint] += 1
  }
  subscribe('@org/zitadel-auth:upstream', count)
  const auth = createZitadelAuth({
    domain: world.zitadel.issuer,
    internalUrl: proxy.url,
    logger: emissions.logger,
    // Waiting is moving time.
    clock: { now: () => nowMs, sleep: async (ms: number) => advanceSeconds(ms / 1_000) },
    ...(proxy.certificate === undefined ? {} : { agent: new Agent({ ca: proxy.certificate }) }),
    ...options,
  } as ZitadelAuthOptions)
  return {
    auth: {
      ...auth,
      close() {
        auth.close()
        unsubscribe('@org/zitadel-auth:upstream', count)
      },
    },
    calls: () => ({ ...calls }),
    advanceSeconds,
  }
}

/** The `fetch` of Node.js 20 can be told of no certificate at run time; the package that it is made of can. */
export function chooseFetch({ certificate }: FaultProxy): Fetch {
  if (certificate === undefined) return (url, init) => fetch(url, init)
  const dispatcher = new Dispatcher({ connect: { ca: certificate }, pipelining: 0 })
  return (url, init) => fetchByUndici(url, { ...init, dispatcher }) as unknown as Promise<Response>
}
