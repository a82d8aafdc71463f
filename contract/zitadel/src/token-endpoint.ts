import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { vi } from 'vitest'
import type { ClientSecret, ServiceAccountKey } from './administration.js'
import { soon } from './soon.js'

/** Gets an access token by the client_credentials grant. */
export function requestBySecret(
  issuer: string,
  { clientId, clientSecret }: ClientSecret,
  scopes: readonly string[],
): Promise<string> {
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':')
  return requestToken(
    issuer,
    { grant_type: 'client_credentials', scope: scopes.join(' ') },
    { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  )
}

/** Gets an access token by the JWT profile (RFC 7523, section 2.1). */
export async function requestByKey(
  issuer: string,
  { userId, keyId, key }: ServiceAccountKey,
  scopes: readonly string[],
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1_000) - 10
  const assertion = await new SignJWT({ iss: userId, sub: userId, aud: issuer, iat: issuedAt, exp: issuedAt + 600 })
    .setProtectedHeader({ alg: 'RS256', kid: keyId })
    .sign(createPrivateKey(key))
  const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  return requestToken(issuer, { grant_type: grantType, scope: scopes.join(' '), assertion })
}

/** Asks until the client is known there, which in a real ZITADEL is a moment after it was made. */
function requestToken(
  issuer: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  return vi.waitFor(async () => {
    const body = new URLSearchParams(parameters)
    const response = await fetch(`${issuer}/oauth/v2/token`, { method: 'POST', headers, body })
    const answer = (await response.json()) as { readonly access_token?: string; readonly error?: string }
    if (answer.access_token === undefined) throw new Error(`no token: ${response.status} ${answer.error}`)
    return answer.access_token
  }, soon)
}
