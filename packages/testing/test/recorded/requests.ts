import { toBasic } from '../support/fixture.js'
import type { Exchange } from './exchanges.js'
import { createStrangePem, createStrangeSecret, type RecordedWorld } from './world.js'

type Make<T> = (world: RecordedWorld) => T | Promise<T>

/** What the mask hides in one recorded request. What a case does not say is as in most of them. */
interface Hidden {
  /** `client_assertion` of a client, `assertion` of a service user. Default: a good one. */
  readonly assertion?: Make<string>
  /** Default: a good personal access token. */
  readonly token?: Make<string>
  /** Name and secret for HTTP Basic. Default: those of the API application with a secret. */
  readonly basic?: Make<readonly [string, string]>
  /** `client_id` of the form. Default: that of the API application with a secret. */
  readonly clientId?: Make<string>
  /** `client_secret` of the form. Default: that of the API application with a secret. */
  readonly clientSecret?: Make<string>
  /** The whole body, where the recording has cut it short. */
  readonly body?: Make<string>
  readonly contentType?: string
}

const DEFAULTS: Required<Omit<Hidden, 'body' | 'contentType'>> = {
  assertion: (world) => world.assert(),
  token: (world) => world.personalToken,
  basic: ({ basic }) => [basic.clientId, basic.clientSecret],
  clientId: ({ basic }) => basic.clientId,
  clientSecret: ({ basic }) => basic.clientSecret,
}

const jwtUserSecret = ({ secrets }: RecordedWorld) => ['tasks-client-jwt', secrets.jwtUser] as const
const opaqueUserSecret = ({ secrets }: RecordedWorld) => ['opaque-client', secrets.opaqueUser] as const
const malformedEscape = ({ basic }: RecordedWorld) => [basic.clientId, '%zz'] as const
const wrongSecret = ({ basic }: RecordedWorld) => [basic.clientId, 'wrong'] as const
const jwtAppId = ({ api }: RecordedWorld) => api.clientId
const ofUser = { assertion: (world: RecordedWorld) => world.assertUser() }
const claims = (make: (world: RecordedWorld) => Record<string, unknown>): Hidden => ({
  assertion: (world) => world.assert({ claims: make(world) }),
})
const userClaims = (make: (world: RecordedWorld) => Record<string, unknown>): Hidden => ({
  assertion: (world) => world.assertUser({ claims: make(world) }),
})
const accessToken = (make: Make<{ access_token: string }>): Hidden => ({
  token: async (world) => (await make(world)).access_token,
})
const opaqueForUs = accessToken((world) => world.opaque(world.aud))
const formOf = async (world: RecordedWorld, token: string, further: Record<string, string> = {}) =>
  new URLSearchParams({
    client_assertion: await world.assert(),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    token,
    ...further,
  }).toString()

const hidden: Readonly<Record<string, Hidden>> = {
  'I bad assertion, no token': claims(() => ({ aud: 'x' })),
  'I assertion + client_id param': { clientId: jwtAppId },
  'I assertion aud token endpoint': claims(({ zitadel }) => ({ aud: `${zitadel.issuer}/oauth/v2/token` })),
  'I assertion aud introspection endpoint': claims(({ zitadel }) => ({ aud: `${zitadel.issuer}/oauth/v2/introspect` })),
  'I assertion aud trailing slash': claims(({ zitadel }) => ({ aud: `${zitadel.issuer}/` })),
  'I assertion aud array of issuer': claims(({ zitadel }) => ({ aud: [zitadel.issuer] })),
  'I assertion aud array issuer and other': claims(({ zitadel }) => ({ aud: [zitadel.issuer, 'x'] })),
  'I assertion aud array token endpoint and issuer': claims(({ zitadel: { issuer } }) => ({
    aud: [`${issuer}/oauth/v2/token`, issuer],
  })),
  'I assertion aud upper case host': claims(({ zitadel }) => ({ aud: zitadel.issuer.replace('http:', 'HTTP:') })),
  'I assertion aud other': claims(() => ({ aud: 'https://other.example' })),
  'I assertion aud missing': claims(() => ({ aud: undefined })),
  'I assertion aud empty': claims(() => ({ aud: '' })),
  'I assertion iss missing': claims(() => ({ iss: undefined })),
  'I assertion sub missing': claims(() => ({ sub: undefined })),
  'I assertion sub not iss': claims(() => ({ sub: 'x' })),
  'I assertion exp missing': claims(() => ({ exp: undefined })),
  'I assertion exp past': claims(({ nowSeconds }) => ({ exp: nowSeconds - 60 })),
  'I assertion exp now': claims(({ nowSeconds }) => ({ exp: nowSeconds })),
  'I assertion exp in 1s': claims(({ nowSeconds }) => ({ exp: nowSeconds + 1 })),
  'I assertion exp in 2s': claims(({ nowSeconds }) => ({ exp: nowSeconds + 2 })),
  'I assertion exp in 1 day': claims(({ nowSeconds }) => ({ exp: nowSeconds + 86_400 })),
  'I assertion exp in 10 years': claims(({ nowSeconds }) => ({ exp: nowSeconds + 315_360_000 })),
  'I assertion iat missing': claims(() => ({ iat: undefined })),
  'I assertion iat +1s': claims(({ nowSeconds }) => ({ iat: nowSeconds + 1 })),
  'I assertion iat +3s': claims(({ nowSeconds }) => ({ iat: nowSeconds + 3 })),
  'I assertion iat +60s': claims(({ nowSeconds }) => ({ iat: nowSeconds + 60 })),
  'I assertion iat -59min': claims(({ nowSeconds }) => ({ iat: nowSeconds - 3_540 })),
  'I assertion iat -61min': claims(({ nowSeconds }) => ({ iat: nowSeconds - 3_660 })),
  'I assertion kid unknown': { assertion: (world) => world.assert({ header: { kid: '1' } }) },
  'I assertion kid missing': { assertion: (world) => world.assert({ header: { kid: undefined } }) },
  'I assertion wrong key': { assertion: (world) => world.assert({ pem: createStrangePem.rsa() }) },
  'I assertion key of other app': {
    assertion: (world) => world.assert({ header: { kid: world.keys.otherApi.keyId }, pem: world.keys.otherApi.key }),
  },
  'I assertion nbf future': claims(({ nowSeconds }) => ({ nbf: nowSeconds + 600 })),
  'I assertion alg RS384': { assertion: (world) => world.assert({ header: { alg: 'RS384' } }) },
  'I assertion alg RS512': { assertion: (world) => world.assert({ header: { alg: 'RS512' } }) },
  'I assertion alg PS256': { assertion: (world) => world.assert({ header: { alg: 'PS256' } }) },
  'I assertion alg none': { assertion: (world) => world.assert({ header: { alg: 'none' } }) },
  'I assertion alg HS256': {
    assertion: (world) => world.assert({ header: { alg: 'HS256' }, secret: createStrangeSecret() }),
  },
  'I assertion alg ES256': {
    assertion: (world) => world.assert({ header: { alg: 'ES256' }, pem: createStrangePem.ec() }),
  },
  'I assertion typ at+jwt': { assertion: (world) => world.assert({ header: { typ: 'at+jwt' } }) },
  'I assertion exp as string': claims(({ nowSeconds }) => ({ exp: String(nowSeconds + 300) })),
  'I assertion iat float': claims(({ nowSeconds }) => ({ iat: nowSeconds - 10.5 })),
  'I assertion of other app, PAT': { assertion: (world) => world.assertOther() },
  'I assertion of a service user key': ofUser,
  'I assertion iss unknown client': claims(() => ({ iss: '1', sub: '1' })),
  'I basic wrong secret': { basic: wrongSecret },
  'I basic empty secret': { basic: ({ basic }) => [basic.clientId, ''] },
  'I basic for the jwt app': { basic: ({ api }) => [api.clientId, 'x'] },
  'I basic service user secret': { basic: jwtUserSecret },
  'I basic malformed escape': { basic: malformedEscape },
  'I public client_id only (jwt app)': { clientId: jwtAppId },
  'I form with charset': { contentType: 'application/x-www-form-urlencoded; charset=utf-8' },
  'I large body 2 MiB': { body: (world) => formOf(world, world.personalToken, { foo: 'x'.repeat(2_097_152) }) },
  'I large token 20 KiB': { body: (world) => formOf(world, 'x'.repeat(20_480)) },
  'I token PAT last segment changed': { token: ({ personalToken }) => personalToken.replace(/[^.]+$/, 'x') },
  'I opaque with aud': opaqueForUs,
  'I opaque without aud': accessToken((world) => world.opaque()),
  'I opaque other project': accessToken((world) => world.opaque(world.otherAud)),
  'I JWT with aud and roles scope': accessToken((world) =>
    world.jwt(`profile ${world.aud} urn:zitadel:iam:org:projects:roles`),
  ),
  'I JWT by basic client': accessToken((world) => world.jwt(`profile ${world.aud} urn:zitadel:iam:org:projects:roles`)),
  'I JWT without aud': accessToken((world) => world.jwt()),
  'I JWT other project': accessToken((world) => world.jwt(world.otherAud)),
  'I JWT signature changed': {
    token: async (world) => (await world.jwt(world.aud)).access_token.replace(/[^.]+$/, 'c2lnbmF0dXJl'),
  },
  'I ID token': { token: async (world) => (await world.jwt(world.aud)).id_token },
  'I PAT of jwt user': { token: ({ zitadel, jwtUser }) => zitadel.createPersonalAccessToken(jwtUser) },
  'I PAT of other org': { token: ({ zitadel, acmeUser }) => zitadel.createPersonalAccessToken(acmeUser) },
  'I JWT of other org with roles': accessToken((world) =>
    world.acmeJwt(`${world.aud} urn:zitadel:iam:org:projects:roles`),
  ),
  'I JWT scopes profile email phone metadata resourceowner': accessToken((world) =>
    world.jwt(
      `profile email phone address offline_access urn:zitadel:iam:user:metadata urn:zitadel:iam:user:resourceowner ${world.aud}`,
    ),
  ),
  'I JWT role scope admin (not granted)': accessToken((world) =>
    world.jwt(`urn:zitadel:iam:org:project:role:admin ${world.aud}`),
  ),
  'I acme JWT role scope admin only (has editor)': accessToken((world) =>
    world.acmeJwt(`urn:zitadel:iam:org:project:role:admin ${world.aud}`),
  ),
  'I acme JWT org roles id scope (own org)': accessToken((world) =>
    world.acmeJwt(`urn:zitadel:iam:org:roles:id:${world.acme.id} ${world.aud}`),
  ),
  'I acme JWT org roles id scope (first org)': accessToken((world) =>
    world.acmeJwt(`urn:zitadel:iam:org:roles:id:${world.zitadel.organization.id} ${world.aud}`),
  ),
  'I JWT org id scope own org': accessToken((world) =>
    world.jwt(`urn:zitadel:iam:org:id:${world.zitadel.organization.id} ${world.aud}`),
  ),
  'T cc openid aud, opaque user': { basic: opaqueUserSecret },
  'T cc secret in form': { clientSecret: ({ secrets }) => secrets.jwtUser },
  'T cc basic and form secret': { basic: jwtUserSecret, clientSecret: ({ secrets }) => secrets.jwtUser },
  'T cc wrong secret': { basic: () => ['tasks-client-jwt', 'wrong'] },
  'T cc unknown user': { basic: () => ['nobody', 'x'] },
  'T cc user without secret': { basic: () => ['tasks-client', 'x'] },
  'T cc api app basic': {},
  'T cc user id as client id': { basic: ({ jwtUser, secrets }) => [jwtUser.id, secrets.jwtUser] },
  'T cc by assertion of user key': ofUser,
  'T cc basic malformed escape': { basic: malformedEscape },
  'T jwt-bearer opaque user': { assertion: (world) => world.assertOpaqueUser() },
  'T jwt-bearer wrong key': { assertion: (world) => world.assertUser({ pem: createStrangePem.rsa() }) },
  'T jwt-bearer aud token endpoint': userClaims(({ zitadel }) => ({ aud: `${zitadel.issuer}/oauth/v2/token` })),
  'T jwt-bearer aud array': userClaims(({ zitadel }) => ({ aud: [zitadel.issuer] })),
  'T jwt-bearer aud trailing slash': userClaims(({ zitadel }) => ({ aud: `${zitadel.issuer}/` })),
  'T jwt-bearer expired': userClaims(({ nowSeconds }) => ({ exp: nowSeconds - 60 })),
  'T jwt-bearer iat +60': userClaims(({ nowSeconds }) => ({ iat: nowSeconds + 60 })),
  'T jwt-bearer iat -61min': userClaims(({ nowSeconds }) => ({ iat: nowSeconds - 3_660 })),
  'T jwt-bearer sub not iss': userClaims(() => ({ sub: 'x' })),
  'T jwt-bearer app key': { assertion: (world) => world.assert() },
  'T jwt-bearer key of other user': {
    assertion: (world) =>
      world.assertUser({ header: { kid: world.keys.opaqueUser.keyId }, pem: world.keys.opaqueUser.key }),
  },
  'T authorization_code bad code, api app': {},
  'T refresh_token bad': {},
  'T token-exchange by api app': {},
  'R wrong secret': { basic: wrongSecret },
  'R client_id only (jwt app)': { clientId: jwtAppId },
  'R assertion wrong key': { assertion: (world) => world.assert({ pem: createStrangePem.rsa() }) },
  'R opaque of service user by api app': opaqueForUs,
  'R opaque of service user by api app, introspection afterwards': opaqueForUs,
  'R opaque of service user by that service user': { ...opaqueForUs, basic: opaqueUserSecret },
  'R opaque of service user by that service user, introspection afterwards': opaqueForUs,
  'R JWT of service user by api app (assertion)': accessToken((world) => world.jwt(world.aud)),
  'R JWT of service user by api app, introspection afterwards': accessToken((world) => world.jwt(world.aud)),
  'R hint refresh_token with access token': opaqueForUs,
  'R hint refresh_token with access token, introspection afterwards': opaqueForUs,
}

/** What most requests to the token endpoint hide. */
function hiddenAtTokenEndpoint(name: string): Hidden {
  const whenNotSaid: readonly [string, Hidden][] = [
    ['T jwt-bearer', ofUser],
    ['T', { basic: jwtUserSecret }],
    ['', {}],
  ]
  return whenNotSaid.find(([start]) => name.startsWith(start))?.[1] ?? {}
}

/** Ids that the recording shows in percent-encoded scopes. */
const RECORDED_IDS = { project: '401198639520680998', acme: '401198640795749414', first: '401198587914030118' }

/** A recorded request as it is sent to the local ZITADEL: with real tokens and assertions where the recording hides them. */
export async function restoreRequest({ case: name, request }: Exchange, world: RecordedWorld) {
  const made = await makeHidden({ ...DEFAULTS, ...(hidden[name] ?? hiddenAtTokenEndpoint(name)) }, world)
  const restore = (text: string) =>
    text
      .replaceAll(/(client_assertion|assertion)(=|": ")<JWT>/g, `$1$2${made.assertion}`)
      .replaceAll(/<JWT>|<opaque token: five segments>/g, made.token)
      .replaceAll('client_id=<id>', `client_id=${made.clientId}`)
      .replaceAll('client_secret=<secret>', `client_secret=${made.clientSecret}`)
      .replaceAll('<base64 of id:secret>', toBasic(...made.basic).authorization.slice('Basic '.length))
      .replaceAll('{host}', new URL(world.zitadel.issuer).host)
      .replaceAll(RECORDED_IDS.project, world.project.id)
      .replaceAll(RECORDED_IDS.acme, world.acme.id)
      .replaceAll(RECORDED_IDS.first, world.zitadel.organization.id)
  const headers = { 'content-type': made.contentType, ...request.headers }
  const sent = Object.entries(headers).filter(([, value]) => value !== '')
  return {
    method: request.method,
    path: restore(request.path),
    headers: Object.fromEntries(sent.map(([header, value]) => [header, restore(value)])),
    body: made.body ?? restore(request.body ?? ''),
  }
}

async function makeHidden(
  { assertion, token, basic, clientId, clientSecret, body, ...rest }: typeof DEFAULTS & Hidden,
  world: RecordedWorld,
) {
  return {
    assertion: await assertion(world),
    token: await token(world),
    basic: await basic(world),
    clientId: await clientId(world),
    clientSecret: await clientSecret(world),
    body: await body?.(world),
    contentType: rest.contentType ?? 'application/x-www-form-urlencoded',
  }
}
