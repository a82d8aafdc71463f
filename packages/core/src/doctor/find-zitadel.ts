import { isAuthorizationError } from '../errors/authorization-error.js'
import { silent } from '../internal/diagnostics.js'
import { isJsonObject } from '../internal/json.js'
import { createDiscovery, type ProviderMetadata } from '../provider/discovery.js'
import { createFetchJson, type FetchJson, type JsonAnswer } from '../provider/fetch-json.js'
import { toInternalHeaders, toInternalUrl } from '../provider/internal-address.js'
import { type ProviderAddress, readProviderAddress } from '../provider/issuer.js'
import { createOwnTransport } from '../provider/transport/own-transport.js'
import { adviseOnFailure } from './advise-on-failure.js'
import type { SetUp } from './set-up.js'
import { type Finding, failedBy, passed } from './step.js'
import { undoAge } from './undo-age.js'

/** A ZITADEL that has been found, and answers by the name it was asked by. */
export interface Zitadel {
  readonly address: ProviderAddress
  readonly metadata: ProviderMetadata<'introspectionEndpoint' | 'jwksUri'>
  readonly fetchJson: FetchJson
  /** Sent with every question. */
  readonly headers: Readonly<Record<string, string>>
  /** By how much this machine's clock is ahead of ZITADEL's; NaN where nobody knows. */
  readonly clockAheadSeconds: number
  /** Undefined where there is none at the address that is asked anyway: a token goes nowhere else. */
  readonly userinfoEndpoint: URL | undefined
  /** Where clients get tokens, by its public name. */
  readonly tokenEndpoint: string
}

const name = 'name, TLS, discovery'

/** Looks for ZITADEL where the API looks for it, in the same way. */
export async function findZitadel(setUp: SetUp): Promise<Finding<Zitadel>> {
  const { clock, timeoutMs } = setUp
  const answers: JsonAnswer[] = []
  const transport = undoAge(createOwnTransport(undefined))
  const fetchJson = createFetchJson({ transport, timeoutMs, clock, publish: silent })
  const fetchAndKeep: FetchJson = async (url, request) => {
    const answer = await fetchJson(url, request)
    answers.push(answer)
    return answer
  }
  try {
    const address = readProviderAddress(setUp)
    const endpoints = ['introspectionEndpoint', 'jwksUri'] as const
    const metadata = await createDiscovery(address, { endpoints, fetchJson: fetchAndKeep, clock })()
    const answer = answers.at(-1) as JsonAnswer
    const zitadel = { address, metadata, fetchJson, headers: toInternalHeaders(address), ...readMore(answer, address) }
    return passed(name, `issuer ${address.issuer}`, zitadel)
  } catch (error) {
    const advice = isAuthorizationError(error) ? adviseOnFailure(error, setUp) : []
    return failedBy(name, error, { advice })
  }
}

function readMore({ body, clockAheadSeconds }: JsonAnswer, address: ProviderAddress) {
  const members = isJsonObject(body) ? body : {}
  return {
    clockAheadSeconds,
    userinfoEndpoint: readUserinfoEndpoint(members['userinfo_endpoint'], address),
    // Not from the document: it ends up in a command for a shell.
    tokenEndpoint: `${address.issuer}/oauth/v2/token`,
  }
}

function readUserinfoEndpoint(value: unknown, address: ProviderAddress): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const url = toInternalUrl(new URL(value), address)
  return url.origin === address.origin ? url : undefined
}
