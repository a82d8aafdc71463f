import { rmSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import {
  type GuideSetUp,
  type LocalZitadel,
  type ServiceUser,
  type ServiceUserKey,
  setUpGuide,
  startLocalZitadel,
} from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { createTokenSource, type TokenSourceOptions } from './token-source.js'

const clock = createManualClock()
let zitadel: LocalZitadel
let guide: GuideSetUp
let user: ServiceUser
let key: ServiceUserKey
let users = 0
const logged: string[] = []
const logger = { warn: (line: string) => void logged.push(line), error: (line: string) => void logged.push(line) }

beforeAll(async () => {
  zitadel = await startLocalZitadel({ now: () => clock.now() })
  guide = setUpGuide(zitadel)
})
beforeEach(() => {
  users += 1
  user = zitadel.createServiceUser({ userName: `caller-${users}` })
  key = zitadel.createServiceUserKey(user)
  zitadel.resetRequests()
  logged.splice(0)
})
afterEach(() => zitadel.recover())
afterAll(() => zitadel.close())

const createSource = (options: object = { key }) =>
  createTokenSource({
    domain: zitadel.issuer,
    projects: [guide.project.id],
    clock: { ...clock, sleep: async () => {} },
    logger,
    ...options,
  } as unknown as TokenSourceOptions)
const authenticate = async (token: string) => {
  const auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, clock, logger })
  return auth.authenticateToken(token)
}
/** The lifetime that the local ZITADEL gives a token, as the real one does. */
const lifetimeSeconds = 43_199

describe('createTokenSource', () => {
  for (const [what, toCredentials] of [
    ['a key', () => ({ key })],
    ['the text of a key', () => ({ key: JSON.stringify(key) })],
    ['a client secret', () => ({ clientId: user.loginName, clientSecret: zitadel.createServiceUserSecret(user) })],
    ['a personal access token', () => ({ token: zitadel.createPersonalAccessToken(user) })],
  ] as const) {
    it(`gives a token that the API of the project takes, by ${what}`, async () => {
      const token = await createSource(toCredentials()).token()

      expect((await authenticate(token)).userId).toBe(user.id)
    })
  }

  it('gives a token that an API of another project does not take', async () => {
    const token = await createSource({ key, projects: [] }).token()

    await expect(authenticate(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  it('asks ZITADEL for nothing until a token is needed, and once for many who need it', async () => {
    const source = createSource()
    expect(zitadel.requests).toMatchObject({ discovery: 0, token: 0 })
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.token()))

    expect(new Set(tokens).size).toBe(1)
    expect(zitadel.requests).toMatchObject({ discovery: 1, token: 1 })
  })

  it('renews a token that is used before it expires, and nobody waits', async () => {
    const source = createSource()
    const first = await source.token()
    clock.advanceSeconds(lifetimeSeconds * 0.8 - 1)
    expect([await source.token(), zitadel.requests.token]).toEqual([first, 1])

    clock.advanceSeconds(2)
    const hold = zitadel.hold('token')
    expect([await source.token(), await source.token()]).toEqual([first, first])
    await hold.untilWaiting(1)
    hold.release()
    await expect.poll(() => source.token()).not.toBe(first)
    expect(zitadel.requests.token).toBe(2)
  })

  it('uses a token to its end while ZITADEL is down, and a new one as soon as there is one', async () => {
    const source = createSource()
    const first = await source.token()
    zitadel.fail('token', { status: 503 })
    clock.advanceSeconds(lifetimeSeconds - 11)
    expect([await source.token(), await source.token()]).toEqual([first, first])

    clock.advanceSeconds(2)
    await expect(source.token()).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE', status: 503 })
    zitadel.recover()
    clock.advanceSeconds(6)
    expect(await source.token()).not.toBe(first)
  })

  it('asks a ZITADEL that is down five times, and then once in a while', async () => {
    const source = createSource()
    zitadel.fail('token', { status: 500 })
    for (const _ of Array(50)) await outcomeOf(() => source.token())
    expect(zitadel.requests.token).toBe(5)

    await expect(source.token()).rejects.toMatchObject({ reason: expect.stringContaining('not asked, since before') })
  })

  it('does not try to renew more than once in ten seconds', async () => {
    const source = createSource()
    await source.token()
    zitadel.fail('token', { status: 500 })
    clock.advanceSeconds(lifetimeSeconds * 0.9)
    for (const _ of Array(20)) await source.token()
    await expect.poll(() => zitadel.requests.token).toBe(2)
  })

  it('reads the key file again when ZITADEL refuses the key', async () => {
    const path = await zitadel.writeKeyFile(key)
    const source = createSource({ keyFile: path })
    writeFileSync(path, JSON.stringify(zitadel.createServiceUserKey(user)))
    clock.advanceSeconds(1)

    expect(await source.token()).toEqual(expect.any(String))
  })

  it('says what to do when ZITADEL refuses the key, and once a minute', async () => {
    const { keyId: _, ...rest } = key
    const source = createSource({ key: { ...rest, keyId: 'unknown' } })
    const refused = expect.objectContaining({
      code: 'ERR_CONFIGURATION',
      reason: expect.stringMatching(/^ZITADEL refuses a token: status 400 and invalid_grant\. The key may be expired/),
    })

    await expect(source.token()).rejects.toEqual(refused)
    await expect(source.token()).rejects.toEqual(refused)
    expect(logged).toEqual([expect.stringContaining('[zitadel-auth] ERR_CONFIGURATION: ZITADEL refuses a token')])
  })

  it('says that a client secret is wrong', async () => {
    zitadel.createServiceUserSecret(user)

    await expect(createSource({ clientId: user.loginName, clientSecret: 'wrong' }).token()).rejects.toMatchObject({
      code: 'ERR_CONFIGURATION',
      reason: expect.stringContaining('The secret may be wrong or replaced'),
    })
  })

  for (const [days, words] of [
    [13.5, 'expires in 13 days'],
    [1.5, 'expires in a day'],
    [0.5, 'expires in 0 days'],
  ] as const) {
    it(`warns ${days} days before the key expires, once a day`, async () => {
      const expiresAt = new Date(clock.now() + days * 86_400_000)
      const source = createSource({ key: zitadel.createServiceUserKey(user, { expiresAt }) })
      await source.token()
      await source.token()

      expect(logged).toEqual([expect.stringContaining(words)])
    })
  }

  it('says nothing of a key that expires later, or never', async () => {
    const expiresAt = new Date(clock.now() + 15 * 86_400_000)
    await createSource({ key: zitadel.createServiceUserKey(user, { expiresAt }) }).token()
    await createSource().token()

    expect(logged).toEqual([])
  })

  for (const [what, body] of [
    ['no JSON', 'ok'],
    ['no token', '{}'],
    ['a token with a line break', '{"access_token":"a\\nb","token_type":"Bearer","expires_in":60}'],
    ['a token of another type', '{"access_token":"a","token_type":"DPoP","expires_in":60}'],
    ['a token without a lifetime', '{"access_token":"a","token_type":"Bearer"}'],
    ['a token that never expires', '{"access_token":"a","token_type":"Bearer","expires_in":1e400}'],
    ['a token that has expired', '{"access_token":"a","token_type":"Bearer","expires_in":0}'],
  ] as const) {
    it(`takes ${what} for no answer`, async () => {
      zitadel.fail('token', { status: 200, headers: { 'content-type': 'application/json' }, body })

      await expect(createSource().token()).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE' })
    })
  }

  it('gives nothing after it was closed', async () => {
    const source = createSource()
    await source.token()
    source.close()

    await expect(source.token()).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE' })
  })

  it('shows no secret, in itself or in an error', async () => {
    const source = createSource({ clientId: user.loginName, clientSecret: 'the words of the secret' })
    const error = await outcomeOf(() => source.token())

    expect(inspect([source, error], { depth: 9, showHidden: true })).not.toContain('the words of')
  })

  for (const [options, message] of [
    [{}, /exactly one way/],
    [{ key: 1, token: 'a' }, /exactly one way/],
    [{ keyFile: undefined }, /is the environment variable set/],
    [{ token: '' }, /token/],
    [{ token: 'a b' }, /characters that a token cannot have/],
    [{ token: 'a', domain: '' }, /domain/],
    [{ token: 'a', projects: [''] }, /projects/],
    [{ token: 'a', projects: undefined }, /projects is undefined/],
    [{ token: 'a', scopes: ['a b'] }, /scopes/],
    [{ token: 'a', scopes: 'openid' }, /scopes/],
    [{ token: 'a', timeoutMs: 0 }, /timeoutMs/],
    [{ token: 'a', project: ['1'] }, /unknown option "project"/],
    [{ key: { type: 'application' } }, /belongs to an API application/],
    [{ keyFile: '/nowhere/key.json' }, /there is no such file/],
    [{ clientId: 'a' }, /clientSecret is missing/],
    [{ token: 'a', allowedOrigins: ['https://a.example/'] }, /without a path or a slash/],
    [{ token: 'a', allowedOrigins: ['https://a.example/path'] }, /without a path or a slash/],
    [{ token: 'a', allowedOrigins: ['https://user@a.example'] }, /without a path or a slash/],
    [{ token: 'a', allowedOrigins: ['a.example'] }, /without a path or a slash/],
    [{ token: 'a', allowedOrigins: ['http://a.example'] }, /plain http/],
    [{ token: 'a', allowedOrigins: ['*'] }, /without a path or a slash/],
    [{ token: 'a', allowedOrigins: 'https://a.example' }, /is a list/],
  ] as const) {
    it(`does not start with ${JSON.stringify(options)}`, () =>
      expect(() => createSource(options)).toThrow(
        expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
      ))
  }

  it('reads no key file after it has been removed, and goes on with the key from before', async () => {
    const path = await zitadel.writeKeyFile(key)
    const source = createSource({ keyFile: path })
    rmSync(path)

    expect(await source.token()).toEqual(expect.any(String))
  })
})
