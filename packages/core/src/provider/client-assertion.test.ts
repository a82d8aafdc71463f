import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateApplicationKey } from '../../test/application-keys.js'
import { createManualClock } from '../../test/manual-clock.js'
import { readApplicationKey } from './application-key.js'
import { createAssertionAuthenticator } from './client-assertion.js'
import type { ClientAuthentication } from './client-authentication.js'

const issuer = 'https://zitadel.example'
const { json, publicKey } = generateApplicationKey()
const applicationKey = readApplicationKey(json)

function setUp() {
  const clock = createManualClock()
  return { clock, authenticator: createAssertionAuthenticator(applicationKey, { issuer, clock }) }
}

const assertionOf = ({ parameters }: ClientAuthentication): string => parameters['client_assertion'] ?? ''

describe('createAssertionAuthenticator', () => {
  it('sends an assertion and its type, and no header (RFC 7523 section 2.2)', async () => {
    const { parameters, headers } = await setUp().authenticator.authenticate()
    expect(headers).toEqual({})
    expect(parameters).toEqual({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
  })

  it('signs with the key, and names it', async () => {
    const { clock, authenticator } = setUp()
    const assertion = assertionOf(await authenticator.authenticate())
    const { protectedHeader } = await jwtVerify(assertion, publicKey, { currentDate: new Date(clock.now()) })
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'key-1' })
  })

  it('claims what ZITADEL checks (RFC 7523 section 3): the client as iss and sub, and the bare issuer as aud', async () => {
    const { clock, authenticator } = setUp()
    const nowSeconds = clock.now() / 1_000
    expect(decodeJwt(assertionOf(await authenticator.authenticate()))).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: issuer,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
      iat: nowSeconds - 10,
      exp: nowSeconds - 10 + 600,
    })
  })

  it('dates the assertion back by 10 s and by whole seconds, as no two clocks agree', async () => {
    const { clock, authenticator } = setUp()
    clock.advanceSeconds(0.999)
    const { iat } = decodeJwt(assertionOf(await authenticator.authenticate()))
    expect(iat).toBe((clock.now() - 999) / 1_000 - 10)
  })

  it('names the client', () => expect(setUp().authenticator.clientId).toBe('client-1'))

  it('uses an assertion for five minutes, and says so', async () => {
    const { clock, authenticator } = setUp()
    const first = await authenticator.authenticate()
    clock.advanceSeconds(299.999)
    const second = await authenticator.authenticate()
    expect([first.reused, second.reused]).toEqual([false, true])
    expect(assertionOf(second)).toBe(assertionOf(first))
    clock.advanceSeconds(0.001)
    const third = await authenticator.authenticate()
    expect(third.reused).toBe(false)
    expect(decodeJwt(assertionOf(third))['jti']).not.toBe(decodeJwt(assertionOf(first))['jti'])
  })

  it('uses an assertion only while it is good: it never expires while it serves', async () => {
    const { clock, authenticator } = setUp()
    await authenticator.authenticate()
    clock.advanceSeconds(299.999)
    const { exp = 0 } = decodeJwt(assertionOf(await authenticator.authenticate()))
    expect(exp - clock.now() / 1_000).toBeGreaterThan(60)
  })

  it('counts the age of an assertion by time that passes, though the clock be set, and signs by the clock', async () => {
    const { clock, authenticator } = setUp()
    const first = await authenticator.authenticate()
    for (const seconds of [-3_600, 7_200, -3_600]) {
      clock.setNowSeconds(seconds)
      expect((await authenticator.authenticate()).reused).toBe(true)
    }
    clock.setNowSeconds(-3_600)
    clock.advanceSeconds(300)
    const second = await authenticator.authenticate()
    expect(second.reused).toBe(false)
    expect(decodeJwt(assertionOf(second)).iat).toBe((decodeJwt(assertionOf(first)).iat ?? 0) - 3_300)
  })

  it('signs once for all who ask at once', async () => {
    const { authenticator } = setUp()
    const all = await Promise.all(Array.from({ length: 5 }, () => authenticator.authenticate()))
    expect(new Set(all.map(assertionOf)).size).toBe(1)
  })

  it('signs again after a refusal, and then uses the new assertion', async () => {
    const { authenticator } = setUp()
    const first = await authenticator.authenticate()
    authenticator.renew(first)
    const second = await authenticator.authenticate()
    const third = await authenticator.authenticate()
    expect([second.reused, third.reused]).toEqual([false, true])
    expect(assertionOf(second)).not.toBe(assertionOf(first))
    expect(assertionOf(third)).toBe(assertionOf(second))
  })

  it('signs once for all who meet one refusal', async () => {
    const { authenticator } = setUp()
    const all = await Promise.all(Array.from({ length: 5 }, () => authenticator.authenticate()))
    for (const refused of all) authenticator.renew(refused)
    const renewed = await Promise.all(Array.from({ length: 5 }, () => authenticator.authenticate()))
    expect(new Set(renewed.map(assertionOf)).size).toBe(1)
    expect(assertionOf(renewed[0] as ClientAuthentication)).not.toBe(assertionOf(all[0] as ClientAuthentication))
  })

  it('keeps the new assertion when the old one is refused once more', async () => {
    const { authenticator } = setUp()
    const first = await authenticator.authenticate()
    authenticator.renew(first)
    const second = await authenticator.authenticate()
    authenticator.renew(first)
    expect(assertionOf(await authenticator.authenticate())).toBe(assertionOf(second))
  })

  it('has an assertion with a header that names no algorithm but RS256', async () =>
    expect(decodeProtectedHeader(assertionOf(await setUp().authenticator.authenticate())).alg).toBe('RS256'))
})
