import { randomBytes } from 'node:crypto'
import { createZitadelAuth, isAuthorizationError, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { createSimulation, type Simulation } from './simulation.js'

const issuer = 'https://zitadel.example'

/** A ZITADEL in simulated time, an API that asks it, and what came of it. */
export interface SimulatedZitadel extends Simulation {
  readonly auth: ZitadelAuth
  /** What it says of active tokens, by token. */
  readonly tokens: Map<string, object>
  /** What it publishes as keys. */
  keys: readonly object[]
  /** How many questions there were, by endpoint. */
  readonly asked: { discovery: number; keys: number; introspection: number }
  /** Sends a request with a token: gives its status, and how long it took in simulated time. */
  ask(token: string, requirement?: { readonly role: string }): Promise<{ readonly status: number; readonly ms: number }>
}

/**
 * Makes a {@link SimulatedZitadel}.
 *
 * @param latencyMs - how long it takes for each answer
 * @param options - of the API
 */
export function createSimulatedZitadel(latencyMs: number, options: object = {}): SimulatedZitadel {
  const simulation = createSimulation()
  const tokens = new Map<string, object>()
  const asked = { discovery: 0, keys: 0, introspection: 0 }

  function answer(url: URL, form: URLSearchParams | undefined): object {
    if (url.pathname.endsWith('/keys')) {
      asked.keys += 1
      return { keys: zitadel.keys }
    }
    if (url.pathname.endsWith('/introspect')) {
      asked.introspection += 1
      const claims = tokens.get(form?.get('token') ?? '')
      return claims === undefined ? { active: false } : { active: true, iss: issuer, aud: ['project-1'], ...claims }
    }
    asked.discovery += 1
    const [introspection_endpoint, jwks_uri] = ['/oauth/v2/introspect', '/oauth/v2/keys'].map((path) => issuer + path)
    return { issuer, introspection_endpoint, jwks_uri }
  }

  const auth = createZitadelAuth({
    domain: issuer,
    clientId: 'client-1',
    clientSecret: 'words',
    logger: { warn() {}, error() {} },
    clock: simulation.clock,
    async fetch(url: URL, { body }: { readonly body?: URLSearchParams }) {
      await simulation.sleep(latencyMs)
      return Response.json(answer(url, body), { headers: { 'cache-control': 'max-age=300' } })
    },
    ...options,
  } as unknown as ZitadelAuthOptions)

  async function ask(token: string, requirement?: { readonly role: string }) {
    const startedAtMs = simulation.now()
    const status = await statusOf(() =>
      requirement === undefined
        ? auth.authenticate(`Bearer ${token}`)
        : auth.authenticate(`Bearer ${token}`, requirement),
    )
    return { status, ms: simulation.now() - startedAtMs }
  }

  const zitadel: SimulatedZitadel = { ...simulation, auth, tokens, keys: [], asked, ask }
  return zitadel
}

async function statusOf(request: () => Promise<unknown>): Promise<number> {
  try {
    await request()
    return 200
  } catch (error) {
    if (!isAuthorizationError(error)) throw error
    return error.status
  }
}

/** An opaque token as ZITADEL makes them: five segments, of which the first is the same header in all of them. */
export function createOpaqueToken(): string {
  const header = Buffer.from('{"alg":"A256GCMKW","enc":"A256GCM","iv":"').toString('base64url')
  const parts = [40, 43, 16, 86, 22].map((length) => randomBytes(length).toString('base64url').slice(0, length))
  return [header + parts[0], ...parts.slice(1)].join('.')
}

/** What a stranger makes up. */
export function createJunkToken(): string {
  return randomBytes(24).toString('base64url')
}
