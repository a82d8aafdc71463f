import type { JsonObject } from './internal/json.js'
import { createSetUpHints } from './internal/set-up-hints.js'
import { createCircuitBreaker } from './provider/circuit-breaker.js'
import { createDiscovery, type Discover, type EndpointName, type ProviderMetadata } from './provider/discovery.js'
import { isServerError, toThrottledMs } from './provider/failure.js'
import { createFetchJson, type FetchJson } from './provider/fetch-json.js'
import { toInternalHeaders } from './provider/internal-address.js'
import {
  createIntrospectionRequest,
  type IntrospectionRequest,
  isAboutOneToken,
} from './provider/introspection-request.js'
import type { ProviderAddress } from './provider/issuer.js'
import { createKeySet, type KeySet } from './provider/key-set.js'
import { createRequestQueue } from './provider/request-queue.js'
import type { InstanceName, Settings } from './read-options.js'
import type { BearerToken } from './request/bearer-token.js'
import { createBelief } from './verification/believable-answers.js'
import { createRequestByIssuer } from './verification/by-issuer.js'
import { createVerifierByKind } from './verification/by-kind.js'
import { type CachedVerifier, type CachedVerifierOptions, createCachedVerifier } from './verification/cached.js'
import { explainInactive } from './verification/explain-inactive.js'
import { createIntrospectionVerifier } from './verification/introspection.js'
import { createJwtVerifier, type JwtVerifier, requireJwt } from './verification/jwt/jwt-verifier.js'
import { type Acceptance, requireAcceptable } from './verification/require-acceptable.js'
import type { Asking, TokenVerifier } from './verification/verifier.js'

/** A way to verify tokens, connected to a ZITADEL. */
export interface Connection {
  readonly verifier: CachedVerifier
  /** Resolves when ZITADEL has been found, accepts the credentials of this API, and has keys, each where it is needed. */
  ready(): Promise<unknown>
}

/**
 * The way of a startup, which ends where the way of a request begins: address and credentials -> discovery ->
 * introspection request, or keys -> verifier -> cache. Touches no network.
 */
export function connect(settings: Settings): Connection {
  const { cache, clock, maxJwtLifetimeSeconds, projectId, publish, timeoutMs } = settings
  const { verify, ask, ready } = connectors[settings.verification](settings)
  const acceptance = toAcceptance(settings)
  const verifier = createCachedVerifier(verify, {
    ask,
    cache,
    requireAcceptable: (claims, nowMs) => requireAcceptable(claims, acceptance, nowMs / 1_000),
    clock,
    maxFlightMs: toMaxFlightMs(timeoutMs),
    maxJwtLifetimeSeconds,
    projectId,
    publish,
    connectStore: connectStore(settings),
  })
  return { verifier, ready }
}

/** Undefined where answers are not shared. */
function connectStore({
  store,
  address,
  projectId,
  names,
  clock,
  logger,
}: Settings): CachedVerifierOptions['connectStore'] {
  const { authenticator } = names[0]
  const identity = [address.issuer, authenticator?.clientId, projectId]
  return (
    store && ((listener) => store.connect({ ...listener, identity, secret: authenticator?.toSecret(), clock, logger }))
  )
}

function toAcceptance({ names, audience }: Settings): Acceptance {
  return { issuers: names.map(({ address }) => address.issuer), audience }
}

/**
 * So many waits of `timeoutMs` are in a question at the most: for its turn, for the metadata, for the keys, twice for an answer,
 * and once more for the keys.
 */
const toMaxFlightMs = (timeoutMs: number): number => 6 * timeoutMs

interface Connected {
  readonly verify: TokenVerifier
  /** Asks ZITADEL, whatever `verify` does; undefined where ZITADEL is never asked about a token. */
  readonly ask?: TokenVerifier
  readonly ready: () => Promise<unknown>
}

const connectors: Readonly<Record<Settings['verification'], (settings: Settings) => Connected>> = {
  introspection(settings) {
    const { discover, fetchJson } = connectProvider(settings, ['introspectionEndpoint'])
    const { ask, ready } = connectIntrospection(settings, discover, fetchJson)
    return { verify: ask, ask, ready }
  },
  jwt(settings) {
    const { discover, fetchJson } = connectProvider(settings, ['jwksUri'])
    const { verifyJwt, keys } = connectKeys(settings, discover, fetchJson)
    return { verify: async (token) => verifyJwt(token, requireJwt(token)), ready: () => keys.ready() }
  },
  auto(settings) {
    const { discover, fetchJson } = connectProvider(settings, ['introspectionEndpoint', 'jwksUri'])
    const introspection = connectIntrospection(settings, discover, fetchJson)
    const { verifyJwt, keys } = connectKeys(settings, discover, fetchJson)
    const { verify, ask } = createVerifierByKind(verifyJwt, introspection.ask, settings)
    return { verify, ask, ready: () => Promise.all([introspection.ready(), keys.ready()]) }
  },
}

function connectProvider<Name extends EndpointName>(settings: Settings, endpoints: readonly Name[]) {
  const fetchJson = createFetchJson({ ...settings, ...settings.limits })
  const { address, endpoints: given } = settings
  const discover: Discover<Name> =
    given === undefined
      ? connectDiscovery(address, endpoints, settings, fetchJson)
      : async () => given as ProviderMetadata<Name>
  return { discover, fetchJson }
}

/** Under every name of the instance nobody waits for the metadata longer than for an answer about a token. */
function connectDiscovery<Name extends EndpointName>(
  address: ProviderAddress,
  endpoints: readonly Name[],
  { clock, timeoutMs }: Settings,
  fetchJson: FetchJson,
): Discover<Name> {
  return createDiscovery(address, { endpoints, fetchJson, clock, maxFlightMs: toMaxFlightMs(timeoutMs) })
}

function connectIntrospection(
  settings: Settings,
  discover: Discover<'introspectionEndpoint'>,
  fetchJson: FetchJson,
): { readonly ask: TokenVerifier; readonly ready: () => Promise<unknown> } {
  const { address, projectId, timeoutMs, limits, clock, publish } = settings
  const { primary, request } = connectNames(settings, discover, fetchJson)
  const breaker = createCircuitBreaker({
    clock,
    maxProbeMs: toMaxFlightMs(timeoutMs),
    isFailure: (error) => !isAboutOneToken(error),
    toAskedMs: toThrottledMs,
    onChange: (state) => publish('breaker', () => ({ state })),
  })
  const queue = createRequestQueue({
    maxRunning: limits.maxConcurrentRequests,
    maxWaiting: limits.maxQueuedRequests,
    maxWaitMs: timeoutMs,
    clock,
    onChange: (running, waiting) => publish('queue', () => ({ running, waiting })),
  })
  const hint = createSetUpHints(settings)
  const introspect = async (token: BearerToken, asking: Asking) => {
    const send = (): Promise<JsonObject> => {
      asking.isSent = true
      return request(token)
    }
    // Whoever waited for a place meets the breaker as it is by then: an outage empties the queue at once.
    const isAwaited = asking.priority !== 'background'
    const answer = await queue(() => breaker(asking.key, send, isAwaited), asking.priority)
    hint(answer, () => explain(token))
    return answer
  }
  const acceptance = toAcceptance(settings)
  const explain = (token: BearerToken) => explainInactive(token, acceptance, clock.now() / 1_000)
  const isZitadelWorking = () => canServeKeys(discover, fetchJson, toInternalHeaders(address))
  const requireBelievable = createBelief({ isZitadelWorking, clock })
  const ask = createIntrospectionVerifier(introspect, { projectId, requireBelievable, explain })
  return { ask, ready: () => primary(madeUpToken) }
}

/** Asks under the first name of the instance, and about each token under the name that issued it. */
function connectNames(
  settings: Settings,
  discover: Discover<'introspectionEndpoint'>,
  fetchJson: FetchJson,
): { readonly primary: IntrospectionRequest; readonly request: IntrospectionRequest } {
  const connectName = ({ address, authenticator }: InstanceName, find: typeof discover): IntrospectionRequest => {
    if (authenticator === undefined) throw new TypeError('introspection needs the credentials of this API')
    return createIntrospectionRequest({
      discover: find,
      authenticator,
      fetchJson,
      headers: toInternalHeaders(address),
    })
  }
  const [first, ...others] = settings.names
  const primary = connectName(first, discover)
  const byIssuer = others.map((name) => {
    const find = connectDiscovery(name.address, ['introspectionEndpoint'], settings, fetchJson)
    return [name.address.issuer, connectName(name, find)] as const
  })
  return { primary, request: createRequestByIssuer(primary, new Map(byIssuer)) }
}

/** ZITADEL says that it is inactive, to whom it says anything: to an API whose credentials it accepts. */
export const madeUpToken = 'zitadel-auth-asks-whether-it-may-ask' as BearerToken

/** Whatever else goes wrong, only ZITADEL's own word that it has failed speaks against it. */
async function canServeKeys(
  discover: Discover<'introspectionEndpoint'>,
  fetchJson: FetchJson,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const { jwksUri } = await discover()
    if (jwksUri !== undefined) await fetchJson(jwksUri, { method: 'GET', headers, kind: 'keys' })
    return true
  } catch (error) {
    return !isServerError(error)
  }
}

function connectKeys(
  { address, projectId, initialKeys, clock, timeoutMs, publish }: Settings,
  discover: Discover<'jwksUri'>,
  fetchJson: FetchJson,
): { readonly verifyJwt: JwtVerifier; readonly keys: KeySet } {
  if (projectId === undefined) throw new TypeError('local verification needs the projectId')
  const headers = toInternalHeaders(address)
  const maxFlightMs = toMaxFlightMs(timeoutMs)
  const keys = createKeySet({ discover, fetchJson, headers, clock, publish, maxFlightMs, initial: initialKeys })
  return { verifyJwt: createJwtVerifier({ keys, projectId, clock }), keys }
}
