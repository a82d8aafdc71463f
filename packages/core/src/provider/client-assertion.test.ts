import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { generateApplicationKey } from '../../test/application-keys.js'
import { createManualClock } from '../../test/manual-clock.js'
import { type ApplicationKey, readApplicationKey } from './application-key.js'
import { createAssertionAuthenticator } from './client-assertion.js'
import type { ClientAuthentication } from './client-authentication.js'
import { createFixedKey, type KeySource } from './key-source.js'

const issuer = 'https://zitadel.example'
const { json, publicKey } = generateApplicationKey()
const applicationKey = readApplicationKey(json)

function setUp(source: KeySource<ApplicationKey> = createFixedKey(applicationKey)) {
  const clock = createManualClock()
  return { clock, authenticator: createAssertionAuthenticator(source, { issuer, clock }) }
}

/** A file that holds a key, and another one as soon as somebody looks again after `replace`. */
function createReplaceableKey() {
  const other = generateApplicationKey()
  const replacement = { ...readApplicationKey(other.json), keyId: 'key-2' }
  let inFile = applicationKey
  let current = applicationKey
  const refresh = vi.fn(() => {
    current = inFile
  })
  const replace = () => {
    inFile = replacement
  }
  return { source: { current: () => current, refresh }, refresh, replace, replacementKey: other.publicKey }
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

  it('says that a used assertion is worth a second try with a new one, and a new one is not', async () => {
    const { authenticator } = setUp()
    const first = await authenticator.authenticate()
    const second = await authenticator.authenticate()
    expect([authenticator.renew(first), authenticator.renew(second)]).toEqual([false, true])
  })

  it('looks for another key once for all who meet one refusal, and at no other time', async () => {
    const { source, refresh } = createReplaceableKey()
    const { authenticator } = setUp(source)
    const all = await Promise.all(Array.from({ length: 5 }, () => authenticator.authenticate()))
    expect(refresh).not.toHaveBeenCalled()
    for (const refused of all) authenticator.renew(refused)
    expect(refresh).toHaveBeenCalledTimes(1)
    authenticator.renew(await authenticator.authenticate())
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  it('signs with a key that has taken the place of the refused one, and says that this is worth a second try', async () => {
    const { source, replace, replacementKey } = createReplaceableKey()
    const { authenticator, clock } = setUp(source)
    const first = await authenticator.authenticate()
    replace()
    expect(authenticator.renew(first)).toBe(true)
    const second = await authenticator.authenticate()
    const { protectedHeader } = await jwtVerify(assertionOf(second), replacementKey, {
      currentDate: new Date(clock.now()),
    })
    expect([protectedHeader.kid, second.reused]).toEqual(['key-2', false])
    expect(authenticator.renew(second)).toBe(false)
  })

  it('says the same to all whose assertion the old key has signed', async () => {
    const { source, replace } = createReplaceableKey()
    const { authenticator } = setUp(source)
    const first = await authenticator.authenticate()
    replace()
    expect([authenticator.renew(first), authenticator.renew(first)]).toEqual([true, true])
  })

  it('lets go of an assertion of a key that another name of the instance has refused', async () => {
    const { source, replace } = createReplaceableKey()
    const { authenticator } = setUp(source)
    const first = await authenticator.authenticate()
    replace()
    source.refresh()
    const second = await authenticator.authenticate()
    expect(decodeProtectedHeader(assertionOf(second)).kid).toBe('key-2')
    expect(assertionOf(second)).not.toBe(assertionOf(first))
  })

  const ofKey =
    'The application key may be expired, deleted or of another instance, or the application, its project or its organization deactivated: create a new key for the API application in the ZITADEL Console'
  const ahead = (seconds: number) =>
    `The clock of this machine is ${seconds} s ahead of that of ZITADEL, which believes no assertion of another time: set the clock`
  const behind = (seconds: number) =>
    `The clock of this machine is ${seconds} s behind that of ZITADEL, which believes no assertion of another time: set the clock`
  // 12 s ahead and 30 s behind a real ZITADEL works, 20 s ahead and 600 s behind does not.
  for (const [seconds, words] of [
    [Number.NaN, ofKey],
    [0, ofKey],
    [12, ofKey],
    [12.001, ahead(12)],
    [20, ahead(20)],
    [3_599.6, ahead(3_600)],
    [-30, ofKey],
    [-580, ofKey],
    [-580.5, behind(581)],
    [-600, behind(600)],
  ] as const) {
    it(`explains a refusal with the clock ${seconds} s ahead: ${words}`, () =>
      expect(setUp().authenticator.explainRefusal(seconds)).toBe(words))
  }
})
