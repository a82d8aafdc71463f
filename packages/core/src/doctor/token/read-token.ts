import type { Clock } from '../../internal/clock.js'
import type { JsonObject } from '../../internal/json.js'
import { type BearerToken, readBareToken } from '../../request/bearer-token.js'
import { readUnverifiedJwt, readUnverifiedPayload, type UnverifiedJwt } from '../../verification/jwt/compact-jwt.js'
import { requireAccessToken } from '../../verification/jwt/require-access-token.js'
import { findOtherKind } from '../../verification/token-kind.js'
import { type Finding, failed, failedBy, passed } from '../step.js'
import { adviseOnText } from './advise-on-text.js'

/** A token that may be an access token, by what it shows of itself. */
export type ReadToken =
  | { readonly form: 'opaque'; readonly token: BearerToken }
  | {
      readonly form: 'jwt'
      readonly token: BearerToken
      readonly jwt: UnverifiedJwt
      readonly unverifiedPayload: JsonObject
    }

const name = 'token'

/** Reads what kind of token it is, from the token alone. */
export function readToken(text: string, clock: Clock): Finding<ReadToken> {
  try {
    const token = readBareToken(text)
    const jwt = readUnverifiedJwt(token)
    if (jwt === undefined) return passed(name, 'an opaque token', { form: 'opaque', token })
    const unverifiedPayload = readUnverifiedPayload(token)
    if (unverifiedPayload === undefined) return failed(name, 'the payload of the token is not a JSON object')
    return requireKind({ form: 'jwt', token, jwt, unverifiedPayload }, clock)
  } catch (error) {
    return failedBy(name, error, { advice: adviseOnText(text) })
  }
}

const byPayload = 'by its payload, which is not verified.'
const isAccessToken = "The access token is the member access_token of the token endpoint's answer, and not id_token."

/** Nobody has verified the payload, so it is the token's word. */
function requireKind(token: Extract<ReadToken, { readonly form: 'jwt' }>, clock: Clock): Finding<ReadToken> {
  try {
    requireAccessToken(token.unverifiedPayload, clock.now() / 1_000)
  } catch (error) {
    const text = findOtherKind(token.unverifiedPayload) === undefined ? byPayload : `${byPayload} ${isAccessToken}`
    return failedBy(name, error, { advice: [{ text }], isInferred: true })
  }
  return passed(name, 'an access token, and a JWT', token)
}
