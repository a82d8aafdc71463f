import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'

/** `oidc-provider` as it comes, with a client for each way to prove who one is. */
export interface CertifiedServer {
  readonly issuer: string
  readonly provider: Provider
  /** How often introspection was asked. */
  readonly introspections: () => number
  /** A token of a user, as the code flow would end with; `audience` is the resource it is meant for. */
  issueOpaqueToken(): Promise<string>
  /** A token by the `client_credentials` grant, as a JWT (RFC 9068). It has an `nbf`, which the RFC does not ask for. */
  requestJwt(): Promise<string>
  /** The same as the server makes it by itself, without `nbf`. */
  requestJwtWithoutNotBefore(): Promise<string>
  revoke(token: string): Promise<number>
  close(): Promise<void>
}

/** The resource that tokens are meant for. */
export const resource = 'urn:api'

/** Another, whose tokens are as the server makes them by itself. */
export const plainResource = 'urn:plain-api'

/** The client that gets tokens, and the two APIs that ask about them, one with every character that must be encoded. */
export const clients = {
  app: { clientId: 'app', clientSecret: 'secret of the app' },
  apiWithKey: { clientId: 'api with a key' },
  apiWithSecret: { clientId: 'api:with a secret', clientSecret: 's%c+r:t /&=?~' },
} as const

/** Starts the server. `publicKey` belongs to the API that signs assertions. */
export async function startCertifiedServer(publicKey: JWK): Promise<CertifiedServer> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const signingKey = { ...(await exportJWK(privateKey)), kid: 'op-1', alg: 'RS256', use: 'sig' }
  const provider = new Provider(issuer, createConfiguration(signingKey, publicKey))
  let introspections = 0
  provider.use(async (context, next) => {
    await next()
    if (context['oidc']?.route === 'introspection') introspections += 1
  })
  server.on('request', provider.callback())

  const post = (path: string, form: Readonly<Record<string, string>>): Promise<Response> => {
    const { clientId, clientSecret } = clients.app
    const authorization = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
    return fetch(issuer + path, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) })
  }
  const requestFor = async (audience: string): Promise<string> => {
    const answer = await post('/token', { grant_type: 'client_credentials', resource: audience, scope: 'read' })
    return ((await answer.json()) as { access_token: string }).access_token
  }
  return {
    issuer,
    provider,
    introspections: () => introspections,
    async issueOpaqueToken() {
      const grant = new provider.Grant({ clientId: clients.app.clientId, accountId: 'ann' })
      grant.addResourceScope(resource, 'read')
      const grantId = await grant.save()
      const client = await provider.Client.find(clients.app.clientId)
      if (client === undefined) throw new Error('the server does not know the client')
      const members = { accountId: 'ann', client, grantId, gty: 'authorization_code', scope: 'read write', claims: {} }
      const token = new provider.AccessToken(members as ConstructorParameters<typeof provider.AccessToken>[0])
      token.setAudience(resource)
      return token.save()
    },
    requestJwt: () => requestFor(resource),
    requestJwtWithoutNotBefore: () => requestFor(plainResource),
    revoke: async (token) => (await post('/token/revocation', { token })).status,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

function createConfiguration(signingKey: JWK, publicKey: JWK): Configuration {
  const noFlow = { redirect_uris: [], response_types: [], grant_types: [] }
  return {
    jwks: { keys: [signingKey as never] },
    scopes: ['read', 'write'],
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    clients: [
      {
        ...noFlow,
        client_id: clients.app.clientId,
        client_secret: clients.app.clientSecret,
        grant_types: ['client_credentials'],
      },
      {
        ...noFlow,
        client_id: clients.apiWithKey.clientId,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicKey as never] },
      },
      {
        ...noFlow,
        client_id: clients.apiWithSecret.clientId,
        client_secret: clients.apiWithSecret.clientSecret,
      },
    ],
    formats: {
      customizers: {
        jwt(_context, _token, { payload }) {
          if (payload?.['aud'] === resource) Object.assign(payload, { nbf: payload['iat'] })
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({ scope: 'read write', audience, accessTokenFormat: 'jwt' }),
      },
    },
  }
}
