import { createHash, randomBytes } from 'node:crypto'
import { vi } from 'vitest'
import { soon } from '../../src/soon.js'
import { readText } from './call.js'
import type { RealContext } from './context.js'

/** Nobody listens there: the code is read from the address. */
export const redirectUri = 'http://localhost:8089/signed-in'

/** What the login pages know of somebody who has logged in. */
export interface Session {
  readonly sessionId: string
  readonly sessionToken: string
}

/**
 * Gets an access token by the code flow with PKCE, in which the run takes the part of the login pages.
 *
 * Source: proto/zitadel/oidc/v2/oidc_service.proto, `CreateCallback`.
 */
export async function runCodeFlow(
  context: RealContext,
  session: Session,
  client: { readonly clientId: string; readonly scopes: readonly string[] },
): Promise<string> {
  const wanted = { ...client, verifier: randomBytes(32).toString('base64url') }
  // A moment after it was made, an application is not known there yet.
  const request = await vi.waitFor(() => startAuthRequest(context, wanted), soon)
  const code = await finishAuthRequest(context, request, session)
  return redeemCode(context, wanted, code)
}

interface AuthRequest {
  readonly clientId: string
  readonly verifier: string
  readonly scopes: readonly string[]
}

/**
 * The header says who shows the login pages: the administrator, who may then finish what was begun.
 *
 * Source: internal/api/oidc/auth_request.go, `LoginClientHeader`.
 */
async function startAuthRequest({ origin, adminId }: RealContext, request: AuthRequest): Promise<string> {
  const challenge = createHash('sha256').update(request.verifier).digest('base64url')
  const query = new URLSearchParams({
    client_id: request.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: request.scopes.join(' '),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const headers = { 'x-zitadel-login-client': adminId }
  const { status, headers: answered } = await fetch(`${origin}/oauth/v2/authorize?${query}`, {
    headers,
    redirect: 'manual',
  })
  const id = new URL(answered.get('location') ?? '/', origin).searchParams.get('authRequest')
  if (id === null) throw new Error(`authorize (GET /oauth/v2/authorize) failed: ${status} without an authRequest`)
  return id
}

async function finishAuthRequest({ call }: RealContext, authRequestId: string, session: Session): Promise<string> {
  const path = `/v2/oidc/auth_requests/${authRequestId}`
  const finished = await call({ name: 'CreateCallback', path, body: { session } })
  const code = new URL(readText(finished, 'callbackUrl')).searchParams.get('code')
  if (code === null) throw new Error('CreateCallback gave no code')
  return code
}

async function redeemCode({ origin }: RealContext, { clientId, verifier }: AuthRequest, code: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    code,
  })
  const response = await fetch(`${origin}/oauth/v2/token`, { method: 'POST', body })
  return readText(await response.json(), 'access_token')
}
