import { inspect } from 'node:util'
import {
  type ConfidentialWebApplication,
  type HumanUser,
  type LocalZitadel,
  type Project,
  startLocalZitadel,
} from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import type { AuthorizationContext } from '../authorization/context.js'
import { createZitadelAuth, type ZitadelAuth } from '../zitadel-auth.js'
import { createTokenExchange, type TokenExchange, type TokenExchangeOptions } from './token-exchange.js'

const clock = createManualClock()
const quiet = { warn: () => {}, error: () => {} }
let zitadel: LocalZitadel
let own: Project
let next: Project
let exchanger: ConfidentialWebApplication
let person: HumanUser
let auth: ZitadelAuth
let nextAuth: ZitadelAuth
let exchange: TokenExchange
beforeAll(async () => {
  zitadel = await startLocalZitadel({ now: () => clock.now() })
  own = zitadel.createProject({ name: 'own' })
  next = zitadel.createProject({ name: 'next' })
  exchanger = zitadel.createWebApplication(own, { authMethod: 'basic', tokenExchange: true })
  person = zitadel.createHumanUser({ userName: 'person' })
  const createAuth = (project: Project) =>
    createZitadelAuth({
      domain: zitadel.issuer,
      key: zitadel.createApplicationKey(zitadel.createApiApplication(project)),
      clock,
      logger: quiet,
    })
  auth = createAuth(own)
  nextAuth = createAuth(next)
})
beforeEach(() => {
  exchange = createExchange()
  zitadel.resetRequests()
})
afterEach(() => zitadel.recover())
afterAll(() => zitadel.close())

const createExchange = (options: Partial<TokenExchangeOptions> = {}) =>
  createTokenExchange({
    domain: zitadel.issuer,
    clientId: exchanger.clientId,
    clientSecret: exchanger.clientSecret,
    clock: { ...clock, sleep: async () => {} },
    logger: quiet,
    ...options,
  })
const call = async (options: object = {}) => {
  const token = zitadel.issueAccessToken(person, {
    audience: [own.id, next.id],
    scopes: ['openid', 'profile'],
    ...options,
  })
  return auth.authenticateToken(token)
}

describe('createTokenExchange', () => {
  it('gives a token in the name of the caller that only the next API takes', async () => {
    const token = await exchange.onBehalfOf(await call(), { audience: [next.id], scopes: ['openid'] })

    expect(await nextAuth.authenticateToken(token)).toMatchObject({ userId: person.id, scopes: ['openid'] })
    await expect(auth.authenticateToken(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  it('gives a JWT when it is asked for one', async () => {
    const token = await exchange.onBehalfOf(await call(), { audience: [next.id], tokenType: 'jwt' })

    expect(token.split('.')).toHaveLength(3)
  })

  it('exchanges once for many, and each token and purpose by itself', async () => {
    const [one, other] = [await call(), await call()]
    const tokens = await Promise.all([
      ...Array.from({ length: 20 }, () => exchange.onBehalfOf(one, { audience: [next.id] })),
      exchange.onBehalfOf(other, { audience: [next.id] }),
      exchange.onBehalfOf(one, { audience: [own.id] }),
      exchange.onBehalfOf(one, { audience: [next.id], scopes: ['openid'] }),
    ])
    await exchange.onBehalfOf(one, { audience: [next.id] })

    expect([new Set(tokens).size, zitadel.requests.token]).toEqual([4, 4])
  })

  it('uses no token longer than the caller’s is good', async () => {
    const context = await call({ expiresInSeconds: 60 })
    await exchange.onBehalfOf(context)
    clock.advanceSeconds(59)
    await exchange.onBehalfOf(context)
    expect(zitadel.requests.token).toBe(1)

    clock.advanceSeconds(2)
    await expect(exchange.onBehalfOf(context)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  it('keeps so many tokens and no more', async () => {
    const small = createExchange({ maxEntries: 1 })
    const [one, other] = [await call(), await call()]
    for (const context of [one, other, one]) await small.onBehalfOf(context)

    expect(zitadel.requests.token).toBe(3)
  })

  for (const [what, toContext, options, code, status, reason] of [
    [
      'an audience that the caller’s token does not have',
      () => call({ audience: [own.id] }),
      () => ({ audience: [next.id] }),
      'ERR_PERMISSION_DENIED',
      403,
      "ZITADEL can only narrow a token: the client of the caller must request the scope urn:zitadel:iam:org:project:id:{id of the next API's project}:aud itself",
    ],
    [
      'a scope that it does not have',
      () => call(),
      () => ({ scopes: ['email'] }),
      'ERR_PERMISSION_DENIED',
      403,
      'ZITADEL can only narrow a token, and it does not have a scope that was asked for: the client of the caller must request it itself',
    ],
    [
      'a token that is not active any more',
      async () => {
        const context = await call()
        zitadel.lockUser(person)
        return context
      },
      () => ({}),
      'ERR_TOKEN_INVALID',
      401,
      'ZITADEL does not exchange the token: it is not active any more, or its audience has neither the exchanging application nor its project, or the request is one for impersonation, which is switched off',
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      const context = await toContext()
      const refused = exchange.onBehalfOf(context, options())

      await expect(refused).rejects.toEqual(authorizationError(code, reason, { status }))
      zitadel.unlockUser(person)
    })
  }

  for (const [what, toApplication, reason] of [
    [
      'has no such grant',
      () => zitadel.createWebApplication(own, { authMethod: 'basic' }),
      'ZITADEL refuses to exchange tokens: the application does not have the grant type Token Exchange: add it in the ZITADEL Console',
    ],
    [
      'is an API application',
      () => zitadel.createApiApplication(own, { authMethod: 'basic' }),
      expect.stringMatching(/^ZITADEL refuses to exchange tokens: it does not accept the credentials\. Only an OIDC/),
    ],
    [
      'has another secret',
      () => ({ ...exchanger, clientSecret: 'wrong' }),
      expect.stringMatching(/^ZITADEL refuses to exchange tokens: it does not accept the credentials\. Only an OIDC/),
    ],
  ] as const) {
    it(`says that the application ${what}`, async () => {
      const { clientId, clientSecret } = toApplication()

      await expect(createExchange({ clientId, clientSecret }).onBehalfOf(await call())).rejects.toEqual(
        authorizationError('ERR_CONFIGURATION', reason, { status: 500 }),
      )
    })
  }

  it('asks a ZITADEL that is down no more than five times at once, and goes on with what it has', async () => {
    const known = await call()
    const token = await exchange.onBehalfOf(known)
    const contexts = await Promise.all(Array.from({ length: 10 }, () => call()))
    zitadel.resetRequests()
    zitadel.fail('token', { status: 500 })
    for (const context of contexts) {
      await expect(exchange.onBehalfOf(context)).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE' })
    }

    expect([zitadel.requests.token, await exchange.onBehalfOf(known)]).toEqual([5, token])
  })

  it('sends the token of a caller to no other ZITADEL', async () => {
    const stranger = await startLocalZitadel()
    const other = createExchange({ domain: stranger.issuer })

    await expect(other.onBehalfOf(await call())).rejects.toThrow(/and this one is of another/)
    expect(stranger.requests.token).toBe(0)
    await stranger.close()
  })

  for (const options of [
    { audience: undefined },
    { audience: [] },
    { audience: 'next' },
    { audience: ['a b'] },
    { scopes: [''] },
    { scopes: [] },
    { scopes: undefined },
    { tokenType: 'id' },
    { resource: 'https://api.example.com' },
  ]) {
    it(`does not take ${inspect(options)}`, async () => {
      await expect(exchange.onBehalfOf(await call(), options as object)).rejects.toThrow(TypeError)
      expect(zitadel.requests.token).toBe(0)
    })
  }

  it('takes no object that only looks like a context', () =>
    expect(exchange.onBehalfOf({ token: 'a', issuer: zitadel.issuer } as AuthorizationContext)).rejects.toThrow(
      TypeError,
    ))

  for (const options of [{ clientId: '' }, { clientSecret: '' }, { maxEntries: 0 }, { domain: '' }, { key: {} }]) {
    it(`does not start with ${inspect(options)}`, () =>
      expect(() => createExchange(options as object)).toThrow(TypeError))
  }

  it('gives nothing after it was closed', async () => {
    const context = await call()
    await exchange.onBehalfOf(context)
    exchange.close()

    await expect(exchange.onBehalfOf(context)).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE' })
  })

  it('shows no secret and no token, in itself or in an error', async () => {
    const wrong = createExchange({ clientSecret: 'the words of the secret' })
    const context = await call()
    const error = await outcomeOf(() => wrong.onBehalfOf(context))
    const shown = inspect([wrong, error], { depth: 9, showHidden: true })

    expect([shown.includes('the words of'), shown.includes(context.token)]).toEqual([false, false])
  })
})
