import { type HumanUser, type LocalZitadel, startLocalZitadel, type WebApplication } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createLogoutTokenReader, type LogoutTokenOptions } from './logout-token-reader.js'

const clock = createManualClock()
let zitadel: LocalZitadel
let stranger: LocalZitadel
let web: WebApplication
let person: HumanUser
beforeAll(async () => {
  const now = () => clock.now()
  zitadel = await startLocalZitadel({ now })
  stranger = await startLocalZitadel({ now })
  web = zitadel.createWebApplication(zitadel.createProject({ name: 'shop' }), {
    backChannelLogoutUri: 'http://127.0.0.1:9/logout',
  })
  person = zitadel.createHumanUser({ userName: 'person' })
})
afterEach(() => zitadel.recover())
afterAll(async () => {
  await zitadel.close()
  await stranger.close()
})

const createReader = (options: Partial<LogoutTokenOptions> = {}) =>
  createLogoutTokenReader({ domain: zitadel.issuer, clientId: web.clientId, clock, ...options })
const issue = (sessionId = 'session') => zitadel.issueLogoutToken(person, { clientId: web.clientId, sessionId })
const invalid = (reason: unknown) => authorizationError('ERR_TOKEN_INVALID', reason)

describe('createLogoutTokenReader', () => {
  it('reads who has logged out, and of which session', async () =>
    expect(await createReader()(issue())).toMatchObject({
      userId: person.id,
      sessionId: 'session',
      issuer: zitadel.issuer,
      issuedAtSeconds: clock.now() / 1_000,
    }))

  it('takes any of several applications', async () =>
    expect(await createReader({ clientId: ['other', web.clientId] })(issue())).toMatchObject({ userId: person.id }))

  it('asks for the keys once', async () => {
    const readLogoutToken = createReader()
    zitadel.resetRequests()
    await readLogoutToken(issue())
    await readLogoutToken(issue())

    expect(zitadel.requests).toMatchObject({ discovery: 1, keys: 1 })
  })

  for (const [what, token, reason] of [
    ['nothing', () => '', 'the logout token is no signed JWT'],
    ['undefined', () => undefined as never, 'the logout token is no signed JWT'],
    ['an encrypted one', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c', 'the logout token is no signed JWT'],
    ['an unsigned one', () => `${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`, /algorithm/],
    ['one with a forged signature', () => `${issue().slice(0, -10)}AAAAAAAAAA`, /signature|canonical/],
    ['one of another ZITADEL', () => stranger.issueLogoutToken(toStranger()), /does not publish/],
    [
      'one for another application',
      () => zitadel.issueLogoutToken(person, { clientId: 'other' }),
      /another application/,
    ],
    ['an ID token', () => zitadel.issueIdToken(person, { clientId: web.clientId } as object), /./],
    ['an access token', () => zitadel.issueAccessToken(person, { type: 'jwt', audience: [web.clientId] }), /./],
  ] as const) {
    it(`refuses ${what}`, () =>
      expect(createReader()(token())).rejects.toEqual(
        invalid(reason instanceof RegExp ? expect.stringMatching(reason) : reason),
      ))
  }

  it('refuses one that is over', async () => {
    const token = issue()
    clock.setNowSeconds(906)
    const refused = createReader()(token)

    await expect(refused).rejects.toEqual(invalid('the logout token has expired'))
  })

  it('refuses one that was made in the future', async () => {
    const token = issue()
    clock.setNowSeconds(-10)

    await expect(createReader()(token)).rejects.toEqual(invalid('the logout token was made in the future'))
  })

  it('says that ZITADEL can’t be reached, and reads the next one when it can', async () => {
    const readLogoutToken = createReader()
    zitadel.fail('keys', { status: 500 })
    await expect(readLogoutToken(issue())).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE' })
    zitadel.recover()
    clock.advanceSeconds(60)

    expect(await readLogoutToken(issue())).toMatchObject({ userId: person.id })
  })

  for (const options of [
    { domain: '' },
    { clientId: '' },
    { clientId: [] },
    { clientId: undefined as never },
    { timeoutMs: 0 },
    { fetch: 1 as never },
    { signingKey: 'a' },
  ]) {
    it(`does not take ${JSON.stringify(options)}`, () =>
      expect(() => createReader(options as object)).toThrow(TypeError))
  }
})

const toStranger = () => stranger.createHumanUser({ userName: 'stranger' })
