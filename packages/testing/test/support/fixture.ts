import { createPrivateKey } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'
import { type BasicApplication, startLocalZitadel } from '../../src/index.js'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A local ZITADEL whose clock a test moves by hand, with the guide's project and one application of each kind. */
export async function startFixture() {
  let nowMs = Date.parse('2026-07-01T12:00:00Z')
  const zitadel = await startLocalZitadel({ now: () => nowMs })
  const project = zitadel.createProject({ name: 'tasks' })
  const application = zitadel.createApiApplication(project)
  const basic = zitadel.createApiApplication(project, { authMethod: 'basic' })
  const key = zitadel.createApplicationKey(application)
  const user = zitadel.createServiceUser({ userName: 'tasks-client' })

  const nowSeconds = () => nowMs / 1_000
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${zitadel.issuer}${path}`, { method: 'POST', body: new URLSearchParams(form), headers })

  /** Signs an assertion that ZITADEL accepts, unless a claim or a header member is replaced; `undefined` removes it. */
  const sign = (claims: JWTPayload = {}, header: { alg?: string; kid?: string | undefined } = {}, pem = key.key) => {
    const iss = application.clientId
    const valid = { iss, sub: iss, aud: zitadel.issuer, iat: nowSeconds(), exp: nowSeconds() + 300 }
    return new SignJWT({ ...valid, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.keyId, ...header } as { alg: string })
      .sign(createPrivateKey(pem))
  }

  return {
    zitadel,
    project,
    application,
    basic,
    key,
    user,
    nowSeconds,
    advanceSeconds: (seconds: number) => {
      nowMs += seconds * 1_000
    },
    post,
    sign,
    /** Asks about a token as the application with a private key. */
    introspectWith: (assertion: string, token = 'any-token') =>
      post('/oauth/v2/introspect', { client_assertion: assertion, client_assertion_type: ASSERTION_TYPE, token }),
    /** Asks about a token as the application with a secret, or as another one. */
    introspect: async (
      token: string,
      { clientId, clientSecret }: Pick<BasicApplication, 'clientId' | 'clientSecret'> = basic,
    ): Promise<Record<string, unknown>> => {
      const headers = toBasic(clientId, clientSecret)
      return (await post('/oauth/v2/introspect', { token }, headers)).json() as Promise<Record<string, unknown>>
    },
  }
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>

export function toBasic(clientId: string, clientSecret: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` }
}

/** What a test expects of an answer: the status, and the body as JSON. */
export async function readJson(response: Response): Promise<{ status: number; body: unknown }> {
  return { status: response.status, body: await response.json() }
}
