import { createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { startLocalZitadel } from '../../src/index.js'
import { toBasic } from '../support/fixture.js'
import { sendRaw } from '../support/raw-request.js'

const FORM = 'application/x-www-form-urlencoded'
const metadata = { dash: 'Ͽ߾>>>???', 'empty-ish': ' ', plan: 'premium', tilde: '~~~~?>' }

/** A local ZITADEL with everything in it that was in the one that was recorded. */
export async function startRecordedWorld() {
  const nowMs = Date.parse('2026-07-01T12:00:00Z')
  const nowSeconds = nowMs / 1_000
  const zitadel = await startLocalZitadel({ now: () => nowMs })
  const project = zitadel.createProject({ name: 'tasks' })
  const otherProject = zitadel.createProject({ name: 'other' })
  const acme = zitadel.createOrganization({ name: 'Acme Inc' })
  for (const role of ['admin', 'editor']) zitadel.createRole(project, role)

  const api = zitadel.createApiApplication(project)
  const basic = zitadel.createApiApplication(project, { authMethod: 'basic' })
  const otherApi = zitadel.createApiApplication(otherProject)
  const user = zitadel.createServiceUser({ userName: 'tasks-client' })
  zitadel.setMetadata(user, metadata)
  const opaqueUser = zitadel.createServiceUser({ userName: 'opaque-client' })
  const jwtUser = zitadel.createServiceUser({ userName: 'tasks-client-jwt', accessTokenType: 'jwt' })
  const acmeUser = zitadel.createServiceUser({
    userName: 'acme-client',
    organizationId: acme.id,
    accessTokenType: 'jwt',
  })
  zitadel.grantRole(acmeUser, { project, role: 'editor', organizationId: acme.id })

  const keys = {
    api: zitadel.createApplicationKey(api),
    otherApi: zitadel.createApplicationKey(otherApi),
    opaqueUser: zitadel.createServiceUserKey(opaqueUser),
    jwtUser: zitadel.createServiceUserKey(jwtUser),
  }
  const secrets = {
    opaqueUser: zitadel.createServiceUserSecret(opaqueUser),
    jwtUser: zitadel.createServiceUserSecret(jwtUser),
    acmeUser: zitadel.createServiceUserSecret(acmeUser),
  }

  const tokens = new Map<string, Promise<TokenAnswer>>()
  /** The same token for the same scope, so that one request can tell what an earlier one did to it. */
  const askForToken = (userName: string, secret: string, scope: string) => {
    const known = tokens.get(`${userName} ${scope}`) ?? requestToken(userName, secret, scope)
    tokens.set(`${userName} ${scope}`, known)
    return known
  }
  const requestToken = async (userName: string, secret: string, scope: string) => {
    const { body } = await sendRaw(zitadel.issuer, {
      method: 'POST',
      path: '/oauth/v2/token',
      headers: { ...toBasic(userName, secret), 'content-type': FORM },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: `openid ${scope}` }).toString(),
    })
    return JSON.parse(body) as TokenAnswer
  }

  const sign = (key: { keyId: string; key: string }, owner: string, changes: AssertionChanges = {}) => {
    const { claims = {}, header = {}, pem = key.key, secret } = changes
    const valid = { iss: owner, sub: owner, aud: zitadel.issuer, iat: nowSeconds - 10, exp: nowSeconds + 300 }
    const payload = { ...valid, ...claims } as JWTPayload
    if (header.alg === 'none') return Promise.resolve(new UnsecuredJWT(payload).encode())
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid: key.keyId, ...header } as { alg: string })
      .sign(secret ?? createPrivateKey(pem))
  }

  return {
    zitadel,
    nowSeconds,
    project,
    otherProject,
    acme,
    api,
    basic,
    otherApi,
    user,
    opaqueUser,
    jwtUser,
    acmeUser,
    keys,
    secrets,
    personalToken: zitadel.createPersonalAccessToken(user),
    aud: `urn:zitadel:iam:org:project:id:${project.id}:aud`,
    otherAud: `urn:zitadel:iam:org:project:id:${otherProject.id}:aud`,
    /** An assertion of the API application with a private key. */
    assert: (changes?: AssertionChanges) => sign(keys.api, api.clientId, changes),
    assertOther: () => sign(keys.otherApi, otherApi.clientId),
    assertUser: (changes?: AssertionChanges) => sign(keys.jwtUser, jwtUser.id, changes),
    assertOpaqueUser: () => sign(keys.opaqueUser, opaqueUser.id),
    opaque: (scope = '') => askForToken(opaqueUser.userName, secrets.opaqueUser, scope),
    jwt: (scope = '') => askForToken(jwtUser.userName, secrets.jwtUser, scope),
    acmeJwt: (scope = '') => askForToken(acmeUser.userName, secrets.acmeUser, scope),
  }
}

export type RecordedWorld = Awaited<ReturnType<typeof startRecordedWorld>>

interface TokenAnswer {
  readonly access_token: string
  readonly id_token: string
}

/** How an assertion differs from a good one. `undefined` removes a claim. */
interface AssertionChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: { readonly alg?: string; readonly kid?: string | undefined; readonly typ?: string }
  readonly pem?: string
  readonly secret?: ReturnType<typeof createSecretKey>
}

export const createStrangePem = {
  rsa: () => toPem(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ec: () => toPem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
}
export const createStrangeSecret = () => createSecretKey(randomBytes(32))

function toPem({ privateKey }: ReturnType<typeof generateKeyPairSync>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
