import { AuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import { createSingleFlight } from '../internal/single-flight.js'
import type { FetchJson, JsonAnswer } from './fetch-json.js'
import { toInternalHeaders, toInternalUrl } from './internal-address.js'
import type { ProviderAddress } from './issuer.js'

/** The endpoints this library uses, and what the wire calls them. */
const wireNames = {
  introspectionEndpoint: 'introspection_endpoint',
  jwksUri: 'jwks_uri',
  tokenEndpoint: 'token_endpoint',
} as const

/** An endpoint of ZITADEL. */
export type EndpointName = keyof typeof wireNames

/** Where ZITADEL's endpoints are, as this process reaches them: those that are needed, and the others where they are named. */
export type ProviderMetadata<Name extends EndpointName = EndpointName> = Readonly<Record<Name, URL>> &
  Readonly<Partial<Record<EndpointName, URL>>>

/** Gives the metadata: from the network the first time, remembered afterwards. */
export type Discover<Name extends EndpointName = EndpointName> = () => Promise<ProviderMetadata<Name>>

const wellKnownPath = '/.well-known/openid-configuration'
const maxAgeMs = 60 * 60 * 1_000

/** While there is no new metadata the old serves, and only one request a minute waits for it. */
const retryMs = 60 * 1_000

/**
 * Makes the function that finds ZITADEL's endpoints. It asks when it is first called, once for all callers; a failure
 * is not remembered. After an hour it asks again, and keeps what it knows until there is a good answer.
 *
 * @param address - where ZITADEL is
 * @param options - `endpoints`: those that must be there; `fetchJson`: the network; `clock`: the time; `maxFlightMs`: how long a
 * question that many wait for may take (default: for ever)
 * @returns a function that throws `ERR_CONFIGURATION` when the domain is not the ZITADEL it should be, and what `fetchJson` throws
 * @see [OpenID Connect Discovery 1.0 section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)
 */
export function createDiscovery<Name extends EndpointName>(
  address: ProviderAddress,
  options: {
    readonly endpoints: readonly Name[]
    readonly fetchJson: FetchJson
    readonly clock: Clock
    readonly maxFlightMs?: number
  },
): Discover<Name> {
  const { endpoints, fetchJson, clock, maxFlightMs = Number.POSITIVE_INFINITY } = options
  const questions = createSingleFlight<ProviderMetadata<Name>>({ clock, maxFlightMs })
  let known: ProviderMetadata<Name> | undefined
  let askAgainAtMs = Number.NEGATIVE_INFINITY

  async function ask(): Promise<ProviderMetadata<Name>> {
    const url = new URL(wellKnownPath, address.origin)
    const answer = await fetchJson(url, {
      method: 'GET',
      headers: toInternalHeaders(address),
      kind: 'discovery',
    })
    known = readMetadata(answer, endpoints, address)
    askAgainAtMs = clock.elapsed() + maxAgeMs
    return known
  }

  function refresh(old: ProviderMetadata<Name>): Promise<ProviderMetadata<Name>> {
    askAgainAtMs = clock.elapsed() + retryMs
    // Whatever is wrong with the new answer, the old one was right: a moved ZITADEL shows at the endpoints.
    return questions.run('', ask).catch(() => old)
  }

  return async () => {
    if (known === undefined) return questions.run('', ask)
    return clock.elapsed() < askAgainAtMs ? known : refresh(known)
  }
}

function readMetadata<Name extends EndpointName>(
  { status, body }: JsonAnswer,
  endpoints: readonly Name[],
  address: ProviderAddress,
): ProviderMetadata<Name> {
  if (status !== 200 || !isJsonObject(body)) {
    const what = `answers with status ${status}${status === 200 ? ' and no JSON' : ''}`
    misconfigured(`${address.origin} is not a ZITADEL: ${wellKnownPath} ${what}`)
  }
  requireIssuer(body['issuer'], address)
  // The keys tell an outage from inactive tokens, also where nothing is verified by them.
  const isNamed = body[wireNames.jwksUri] !== undefined
  const named = new Set<EndpointName>(isNamed ? [...endpoints, 'jwksUri'] : endpoints)
  const urls = [...named].map((name) => [name, readEndpoint(body, wireNames[name], address)])
  return Object.fromEntries(urls)
}

/** Scheme, host and port, and no other text of somebody else's. */
const anyIssuer = /^https?:\/\/[\w.:[\]-]{1,260}\/?$/i

function requireIssuer(announced: unknown, address: ProviderAddress): void {
  if (announced === address.issuer) return
  const named = typeof announced === 'string' && anyIssuer.test(announced) ? `, ${announced},` : ''
  misconfigured(`${address.origin} calls itself by another issuer${named} than ${address.issuer} in ${wellKnownPath}`)
}

function readEndpoint(body: JsonObject, name: string, address: ProviderAddress): URL {
  const value = body[name]
  if (typeof value !== 'string' || !URL.canParse(value)) {
    misconfigured(`${address.origin} is not a ZITADEL: ${wellKnownPath} has no ${name}`)
  }
  const url = toInternalUrl(new URL(value), address)
  try {
    address.requireSecure(url, `the ${name} of ${address.issuer}`)
  } catch (cause) {
    misconfigured((cause as TypeError).message)
  }
  return url
}

function misconfigured(message: string): never {
  throw new AuthorizationError('ERR_CONFIGURATION', `${message}: check the configured domain and internalUrl`)
}
