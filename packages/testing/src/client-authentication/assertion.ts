import { compactVerify, decodeJwt } from 'jose'
import type { Instance } from '../instance/instance.js'

const ALGORITHMS = ['RS256', 'ES256', 'PS256']
const MAX_AGE_MS = 3_600_000
const TOLERANCE_MS = 1_000

/** Thrown for an assertion that may be readable and yet proves nothing. */
export class AssertionRefused extends Error {}

interface AssertionClaims {
  readonly iss?: unknown
  readonly sub?: unknown
  readonly aud?: unknown
  readonly exp?: unknown
  readonly iat?: unknown
}

/** Who an assertion says it is from, before anything is proved. Nothing, when it cannot be read as an assertion. */
export function readUnverifiedIssuer(assertion: string): string | undefined {
  try {
    const { iss = '', exp, iat } = decodeJwt<{ exp?: unknown; iat?: unknown }>(assertion)
    return [exp, iat].some((time) => typeof time === 'string') ? undefined : iss
  } catch {
    return undefined
  }
}

/**
 * Verifies an assertion and gives who signed it: a client, or a service account.
 *
 * @throws `AssertionRefused`: unless all of ZITADEL's rules hold. There is no replay check: ZITADEL keeps no list.
 * @see [RFC 7523, section 3](https://www.rfc-editor.org/rfc/rfc7523.html#section-3)
 */
export async function verifyAssertion(instance: Instance, assertion: string): Promise<string> {
  const owner = readUnverifiedIssuer(assertion) ?? ''
  const { payload } = await compactVerify(assertion, ({ kid = '' }) => requireKey(instance, kid, owner), {
    algorithms: ALGORITHMS,
  }).catch((cause: unknown) => {
    throw new AssertionRefused('the signature is not valid', { cause })
  })
  requireClaims(instance, JSON.parse(Buffer.from(payload).toString()))
  return owner
}

/** A key counts only for its owner, and an expired one is as unknown as one that never was. */
function requireKey(instance: Instance, keyId: string, owner: string) {
  const key = instance.keys.get(keyId)
  if (key?.ownerId !== owner || key.expiresAt.getTime() <= instance.now())
    throw new AssertionRefused('the owner has no such key')
  return key.publicKey
}

function requireClaims(instance: Instance, { iss, sub, aud, exp, iat }: AssertionClaims): void {
  const now = instance.now()
  refuseUnless(sub === iss, 'sub is not iss')
  // Exactly the issuer: neither the token endpoint nor a trailing slash will do.
  refuseUnless([aud].flat().includes(instance.issuer), 'aud does not contain the issuer')
  refuseUnless(toMs(exp) > now + TOLERANCE_MS, 'expired')
  refuseUnless(toMs(iat) <= roundToSecond(now + TOLERANCE_MS), 'iat is in the future')
  refuseUnless(toMs(iat) >= roundToSecond(now - MAX_AGE_MS), 'iat is older than an hour')
}

function refuseUnless(holds: boolean, complaint: string): void {
  if (!holds) throw new AssertionRefused(complaint)
}

/** A missing time is not a number, and no comparison with it holds. */
function toMs(seconds: unknown): number {
  return typeof seconds === 'number' ? seconds * 1_000 : Number.NaN
}

function roundToSecond(ms: number): number {
  return Math.round(ms / 1_000) * 1_000
}
