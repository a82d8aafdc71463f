import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningNext, startNext } from './start-next.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let api: RunningNext

beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  api = await startNext({ domain: zitadel.issuer, key: guide.key, projectId: guide.project.id })
})
beforeEach(() => zitadel.resetRequests())
afterAll(async () => {
  await api?.close()
  await zitadel.close()
})

const issueJwt = (): string => zitadel.issueAccessToken(guide.user, { type: 'jwt', audience: [guide.project.id] })

/** The only key of ZITADEL is another one from now on. */
function replaceKey(): void {
  const old = zitadel.listKeys().map(({ keyId }) => keyId)
  zitadel.rotateKeys()
  for (const keyId of old) zitadel.deleteKey(keyId)
}

/** Asks with a token before and after it is revoked. */
async function askAroundRevocation(path: string) {
  const token = zitadel.createPersonalAccessToken(guide.user)
  const before = await api.status(path, token)
  zitadel.removePersonalAccessToken(token)
  return [before, await api.status(path, token)]
}

/** Asks with a JWT before its key is replaced, and then with one of the new key, which makes that known, and the old one. */
async function askAroundRotation(path: string) {
  const old = issueJwt()
  const before = await api.status(path, old)
  replaceKey()
  return [before, await api.status(path, issueJwt()), await api.status(path, old)]
}

describe.each(['own', 'global-fetch', 'late-global-fetch'])('a route that caches every fetch, by the way %s', (way) => {
  it('refuses a request without a token', async () => expect(await api.status(`/${way}`)).toBe(401))

  it('asks ZITADEL about every request with the cache off, and refuses a revoked token', async () => {
    expect(await askAroundRevocation(`/${way}`)).toEqual([200, 401])
    expect(zitadel.requests.introspection).toBe(2)
  })

  it('takes the JWTs of a new key, and refuses those of a deleted one', async () =>
    expect(await askAroundRotation(`/jwt/${way}`)).toEqual([200, 200, 401]))
})

describe('a route handler that is protected', () => {
  it('answers who may, with the parameters of its path, and nobody else', async () => {
    const boss = zitadel.createServiceUser({ userName: 'boss' })
    zitadel.createRole(guide.project, 'admin')
    zitadel.grantRole(boss, { project: guide.project, role: 'admin' })
    const token = zitadel.createPersonalAccessToken(boss)
    const answers = [await api.ask('/protected/7', token), await api.ask('/protected/7', guide.token)]
    expect(answers).toMatchObject([
      { status: 200, body: '{"id":"7","isSame":true}' },
      { status: 403, body: 'permission denied: missing required role: `admin`\n' },
    ])
    expect(await api.ask('/protected/7')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  })

  it('answers with 503 while ZITADEL is down', async () => {
    const token = zitadel.createPersonalAccessToken(guide.user)
    await zitadel.pause()
    const { status, headers } = await api.ask('/protected/7', token)
    await zitadel.resume()
    expect([status, headers['retry-after']]).toEqual([503, '5'])
  })
})

describe('the cache of Next.js', () => {
  it('would let a revoked token pass, if it were not told to keep nothing', async () => {
    expect(await askAroundRevocation('/trap')).toEqual([200, 200])
    expect(zitadel.requests.introspection).toBe(1)
  })

  it('would know no new key, and trust a deleted one', async () =>
    expect(await askAroundRotation('/jwt/trap')).toEqual([200, 401, 200]))
})
