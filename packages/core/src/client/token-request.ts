import { AuthorizationError } from '../errors/authorization-error.js'
import type { Discover } from '../provider/discovery.js'
import type { FetchJson, JsonAnswer } from '../provider/fetch-json.js'
import type { Grant } from './grant.js'
import { type IssuedToken, readErrorCode, readIssuedToken } from './issued-token.js'

/** Asks ZITADEL for a token. */
export type TokenRequest = () => Promise<IssuedToken>

/** What {@link createTokenRequest} takes. */
export interface TokenRequestOptions {
  readonly discover: Discover<'tokenEndpoint'>
  readonly fetchJson: FetchJson
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly grant: Grant
  readonly scopes: readonly string[]
}

/** With these ZITADEL refuses who asks, and not what is asked for. */
const refusalsOfWhoAsks: readonly unknown[] = [
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
]

/**
 * Makes the function that asks ZITADEL for a token. When ZITADEL refuses a key whose file has been replaced since, it asks once
 * more with the new one.
 *
 * @returns a function that throws `ERR_CONFIGURATION` when ZITADEL refuses the credentials, `ERR_PROVIDER_UNAVAILABLE` when its
 * answer is none, and what `discover` and `fetchJson` throw
 */
export function createTokenRequest({ discover, fetchJson, headers, grant, scopes }: TokenRequestOptions): TokenRequest {
  async function ask(): Promise<JsonAnswer> {
    const [{ tokenEndpoint }, form] = await Promise.all([discover(), grant.toForm()])
    return fetchJson(tokenEndpoint, {
      method: 'POST',
      kind: 'token',
      headers: { ...headers, ...form.headers },
      body: new URLSearchParams({ ...form.parameters, scope: scopes.join(' ') }),
    })
  }

  return async () => {
    const answer = await ask()
    const issued = readIssuedToken(answer)
    if (issued !== undefined) return issued
    const isWorthAnother = refusalsOfWhoAsks.includes(readErrorCode(answer)) && grant.renew()
    const last = isWorthAnother ? await ask() : answer
    return readIssuedToken(last) ?? refuse(last, grant)
  }
}

function refuse(answer: JsonAnswer, { advice }: Grant): never {
  const code = readErrorCode(answer)
  const hint = refusalsOfWhoAsks.includes(code) ? `. ${advice}` : ''
  throw new AuthorizationError(
    'ERR_CONFIGURATION',
    `ZITADEL refuses a token: status ${answer.status}${code === undefined ? '' : ` and ${code}`}${hint}`,
  )
}
