import { Buffer } from 'node:buffer'
import { AuthorizationError } from '../../errors/authorization-error.js'
import type { Clock } from '../../internal/clock.js'
import type { JsonObject } from '../../internal/json.js'
import { isSignatureAlgorithm, type VerificationKey } from '../../provider/json-web-key.js'
import type { KeySet } from '../../provider/key-set.js'
import type { HasSigned, SignatureAlgorithm } from '../../provider/signature-algorithm.js'
import type { BearerToken } from '../../request/bearer-token.js'
import { readVerifiedClaims } from '../read-claims.js'
import type { VerifiedClaims } from '../verifier.js'
import { decodeObject, isCanonical, readUnverifiedJwt, type UnverifiedJwt } from './compact-jwt.js'
import { requireAccessToken } from './require-access-token.js'

/** Verifies a token that has the form of a JWT. Its claims may be used again as long as its key is published. */
export type JwtVerifier = (token: BearerToken, jwt: UnverifiedJwt) => Promise<VerifiedClaims>

/** What {@link createJwtVerifier} takes. */
export interface JwtVerifierOptions {
  readonly keys: KeySet
  /** The API's project: the only one whose roles count. */
  readonly projectId: string
  readonly clock: Clock
}

/**
 * Verifies JWT access tokens by ZITADEL's published keys, without asking about each.
 *
 * The header chooses nothing but the key: `alg` must be one of seven and the key's own, keys and addresses of keys in
 * it are not looked at, and anything it calls critical is refused. The signature comes before every claim.
 *
 * @returns a verifier that throws `ERR_TOKEN_INVALID`, and what `keys` throws
 * @see [RFC 8725 section 3](https://www.rfc-editor.org/rfc/rfc8725.html#section-3): best practices for JWTs
 */
export function createJwtVerifier({ keys, projectId, clock }: JwtVerifierOptions): JwtVerifier {
  return async (token, { unverifiedHeader, encodedPayload }) => {
    const { keyId, algorithm } = readHeader(unverifiedHeader)
    if (!isCanonical(token)) refuse('the token is not base64url in its canonical form')
    const key = await keys.find(keyId, algorithm)
    if (key === undefined) refuse('the token is signed with a key that ZITADEL does not publish')
    await requireSignature(token, key)
    const claims = decodeObject(encodedPayload)
    if (claims === undefined) refuse('the payload of the token is not a JSON object')
    requireAccessToken(claims, clock.now() / 1_000)
    return readVerifiedClaims(claims, { verifiedBy: 'jwt', projectId, isStillVouchedFor: () => keys.isPublished(key) })
  }
}

/**
 * Reads a token as a JWT, for a verifier that takes nothing else.
 *
 * @throws {AuthorizationError} `ERR_TOKEN_INVALID` when it is something else
 */
export function requireJwt(token: BearerToken): UnverifiedJwt {
  const jwt = readUnverifiedJwt(token)
  if (jwt === undefined) {
    refuse("the token is no JWT: set the client's token type to JWT in ZITADEL, or use verification: 'auto'")
  }
  return jwt
}

const types: readonly unknown[] = ['jwt', 'at+jwt', 'application/at+jwt']

function readHeader({ alg, kid, typ, crit, b64 }: JsonObject): { keyId: string; algorithm: SignatureAlgorithm } {
  if (!isSignatureAlgorithm(alg)) refuse('the token is signed with an algorithm that is not accepted')
  if (typeof kid !== 'string') refuse('the token does not name its key')
  if (typeof typ !== 'string' || !types.includes(typ.toLowerCase())) refuse('the token is of another type than JWT')
  if (crit !== undefined || b64 !== undefined) refuse('the token has a header extension, and none is accepted')
  return { keyId: kid, algorithm: alg }
}

async function requireSignature(token: BearerToken, key: VerificationKey): Promise<void> {
  const end = token.lastIndexOf('.')
  const hasSigned = await importKey(key)
  const isSigned = await hasSigned(token.slice(0, end), Buffer.from(token.slice(end + 1), 'base64url'))
  if (!isSigned) refuse('the signature of the token does not verify')
}

async function importKey({ toHasSigned }: VerificationKey): Promise<HasSigned> {
  try {
    return await toHasSigned()
  } catch (cause) {
    throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a key of ZITADEL cannot be used', { cause })
  }
}

function refuse(message: string): never {
  throw new AuthorizationError('ERR_TOKEN_INVALID', message)
}
