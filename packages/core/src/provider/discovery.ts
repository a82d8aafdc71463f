import { AuthorizationError, isAuthorizationError } from '../errors.js'
import type { Clock } from '../internal/clock.js'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import { createSingleFlight } from '../internal/single-flight.js'
import type { FetchJson, JsonAnswer } from './fetch-json.js'
import { toInternalHeaders, toInternalUrl } from './internal-address.js'
import type { ProviderAddress } from './issuer.js'

/** Where ZITADEL's endpoints are, as this process reaches them. */
export interface ProviderMetadata {
  readonly introspectionEndpoint: URL
}

/** Gives the metadata: from the network the first time, remembered afterwards. */
export type Discover = () => Promise<ProviderMetadata>

const wellKnownPath = '/.well-known/openid-configuration'
const maxAgeMs = 60 * 60 * 1_000

/**
 * Makes the function that finds ZITADEL's endpoints. It asks when it is first called, once for all callers; a failure
 * is not remembered. After an hour it asks again, and keeps what it knows while ZITADEL does not answer.
 *
 * @param address - where ZITADEL is
 * @param options - `fetchJson`: the network; `clock`: the time
 * @returns a function that throws `ERR_CONFIGURATION` when the domain is not the ZITADEL it should be, and what `fetchJson` throws
 * @see [OpenID Connect Discovery 1.0 section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)
 */
export function createDiscovery(
  address: ProviderAddress,
  { fetchJson, clock }: { readonly fetchJson: FetchJson; readonly clock: Clock },
): Discover {
  const questions = createSingleFlight<ProviderMetadata>()
  let known: { readonly metadata: ProviderMetadata; readonly askedAtMs: number } | undefined

  async function ask(): Promise<ProviderMetadata> {
    const askedAtMs = clock.now()
    const url = new URL(wellKnownPath, address.origin)
    const metadata = readMetadata(await fetchJson(url, { method: 'GET', headers: toInternalHeaders(address) }), address)
    known = { metadata, askedAtMs }
    return metadata
  }

  async function refresh(metadata: ProviderMetadata): Promise<ProviderMetadata> {
    try {
      return await questions.run('', ask)
    } catch (error) {
      if (isAuthorizationError(error) && error.status === 503) return metadata
      throw error
    }
  }

  return async () => {
    if (known === undefined) return questions.run('', ask)
    return clock.now() - known.askedAtMs < maxAgeMs ? known.metadata : refresh(known.metadata)
  }
}

function readMetadata({ status, body }: JsonAnswer, address: ProviderAddress): ProviderMetadata {
  const { issuer } = address
  if (status !== 200 || !isJsonObject(body)) {
    misconfigured(
      `${issuer} is not a ZITADEL: ${wellKnownPath} answers with status ${status}${status === 200 ? ' and no JSON' : ''}`,
    )
  }
  if (body['issuer'] !== issuer) {
    misconfigured(
      `${issuer} calls itself by another issuer in ${wellKnownPath}: configure the domain that ZITADEL has as its external domain`,
    )
  }
  return { introspectionEndpoint: readEndpoint(body, 'introspection_endpoint', address) }
}

function readEndpoint(body: JsonObject, name: string, address: ProviderAddress): URL {
  const value = body[name]
  if (typeof value !== 'string' || !URL.canParse(value)) {
    misconfigured(`${address.issuer} is not a ZITADEL: ${wellKnownPath} has no ${name}`)
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
  throw new AuthorizationError('ERR_CONFIGURATION', `${message} (check the configured domain)`)
}
