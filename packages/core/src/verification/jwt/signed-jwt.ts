import { Buffer } from 'node:buffer'
import { AuthorizationError } from '../../errors/authorization-error.js'
import type { JsonObject } from '../../internal/json.js'
import { isSignatureAlgorithm, type VerificationKey } from '../../provider/json-web-key.js'
import type { KeySet } from '../../provider/key-set.js'
import type { HasSigned, SignatureAlgorithm } from '../../provider/signature-algorithm.js'
import type { BearerToken } from '../../request/bearer-token.js'
import { decodeObject, isCanonical, type UnverifiedJwt } from './compact-jwt.js'

/** What ZITADEL has signed. Whether it is meant for anybody, and still good, is another question. */
export interface SignedJwt {
  readonly claims: JsonObject
  readonly key: VerificationKey
}

/**
 * Verifies the signature of a JWT by ZITADEL's published keys, and reads what is signed.
 *
 * The header chooses nothing but the key: `alg` must be one of seven and the key's own, keys and addresses of keys in
 * it are not looked at, and anything it calls critical is refused.
 *
 * @param types - what `typ` may be, in lower case
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID`, and what `keys` throws
 * @see [RFC 8725 section 3](https://www.rfc-editor.org/rfc/rfc8725.html#section-3): best practices for JWTs
 */
export async function readSignedJwt(
  token: BearerToken,
  { unverifiedHeader, encodedPayload }: UnverifiedJwt,
  { keys, types }: { readonly keys: KeySet; readonly types: readonly string[] },
): Promise<SignedJwt> {
  const { keyId, algorithm } = readHeader(unverifiedHeader, types)
  if (!isCanonical(token)) refuse('the token is not base64url in its canonical form')
  const key = await keys.find(keyId, algorithm)
  if (key === undefined) refuse('the token is signed with a key that ZITADEL does not publish')
  await requireSignature(token, key)
  const claims = decodeObject(encodedPayload)
  if (claims === undefined) refuse('the payload of the token is not a JSON object')
  return { claims, key }
}

function readHeader(
  { alg, kid, typ, crit, b64 }: JsonObject,
  types: readonly string[],
): { keyId: string; algorithm: SignatureAlgorithm } {
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
