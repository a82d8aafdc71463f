import { Buffer } from 'node:buffer'
import { type KeyObject, randomUUID, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '../internal/clock.js'
import type { ApplicationKey } from './application-key.js'
import type { ClientAuthenticator } from './client-authentication.js'

/** An RSA signature costs more than a request; ZITADEL takes an assertion for an hour and keeps no list of used ones. */
const reuseSeconds = 5 * 60
const lifetimeSeconds = 10 * 60

/** ZITADEL refuses an assertion from more than one second in the future, and no two clocks agree. */
const backdateSeconds = 10

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

interface Signed {
  readonly parameters: Promise<Readonly<Record<string, string>>>
  readonly signedAtMs: number
}

/**
 * Authenticates by a signed assertion (`private_key_jwt`), which serves for five minutes.
 *
 * @param key - the application key
 * @param options - `issuer`: the audience, which ZITADEL wants bare; `clock`: the time
 * @see [RFC 7523 section 2.2](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2)
 */
export function createAssertionAuthenticator(
  key: ApplicationKey,
  { issuer, clock }: { readonly issuer: string; readonly clock: Clock },
): ClientAuthenticator {
  let current: Signed | undefined
  let refused: Readonly<Record<string, string>> | undefined

  function findReusable(): Signed | undefined {
    const ageMs = current === undefined ? Number.NaN : clock.elapsed() - current.signedAtMs
    return ageMs < reuseSeconds * 1_000 ? current : undefined
  }

  function sign(): Signed {
    current = { parameters: signParameters(key, issuer, clock.now()), signedAtMs: clock.elapsed() }
    return current
  }

  return {
    clientId: key.clientId,
    async authenticate() {
      const reusable = findReusable()
      const parameters = await (reusable ?? sign()).parameters
      if (parameters !== refused) return { headers: {}, parameters, reused: reusable !== undefined }
      // Another caller that met the same refusal may have signed meanwhile.
      const renewed = current === undefined || current === reusable ? sign() : current
      return { headers: {}, parameters: await renewed.parameters, reused: false }
    },
    renew({ parameters }) {
      refused = parameters
    },
  }
}

async function signParameters(key: ApplicationKey, audience: string, nowMs: number): Promise<Record<string, string>> {
  const issuedAt = Math.floor(nowMs / 1_000) - backdateSeconds
  const claims = {
    iss: key.clientId,
    sub: key.clientId,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: randomUUID(),
  }
  const signed = `${toSegment({ alg: 'RS256', kid: key.keyId })}.${toSegment(claims)}`
  const signature = await signRs256(signed, key.privateKey)
  return { client_assertion_type: assertionType, client_assertion: `${signed}.${signature}` }
}

function toSegment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const signInThreadPool = promisify(sign)

async function signRs256(text: string, key: KeyObject): Promise<string> {
  const signature = await signInThreadPool('sha256', Buffer.from(text), key)
  return signature.toString('base64url')
}
