import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { createBasicAuthenticator } from './client-authentication.js'

async function credentialsOf(clientId: string, clientSecret: string): Promise<string> {
  const { headers } = await createBasicAuthenticator(clientId, clientSecret).authenticate()
  return Buffer.from(headers['Authorization']?.replace('Basic ', '') ?? '', 'base64').toString()
}

/** As a server reads form encoding: plus is a space, then percent encoding. */
const formDecode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

describe('createBasicAuthenticator', () => {
  it('sends client id and secret as Basic, and no parameter (RFC 6749 section 2.3.1)', async () =>
    expect(await createBasicAuthenticator('client-1', 'words').authenticate()).toEqual({
      headers: { Authorization: `Basic ${Buffer.from('client-1:words').toString('base64')}` },
      parameters: {},
      reused: false,
    }))

  for (const [secret, encoded] of [
    ['a b', 'a+b'],
    ['a+b', 'a%2Bb'],
    ['a:b', 'a%3Ab'],
    ['a%b', 'a%25b'],
    ['a&b=c', 'a%26b%3Dc'],
    ['ü', '%C3%BC'],
    ['🎉', '%F0%9F%8E%89'],
    ["~!'()", '%7E%21%27%28%29'],
    ['*-._', '*-._'],
  ] as const) {
    it(`form-encodes ${secret} as ${encoded} (RFC 6749 appendix B)`, async () => {
      expect(await credentialsOf('client-1', secret)).toBe(`client-1:${encoded}`)
      expect(await credentialsOf(secret, 'words')).toBe(`${encoded}:words`)
    })
  }

  it('sends what a server decodes to client id and secret again', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    return fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const credentials = await credentialsOf(clientId, clientSecret)
        expect(credentials.split(':').map(formDecode)).toEqual([clientId, clientSecret])
      }),
    )
  })

  it('has no other credentials to try after a refusal', async () => {
    const authenticator = createBasicAuthenticator('client-1', 'words')
    const first = await authenticator.authenticate()
    expect(authenticator.renew(first)).toBe(false)
    expect(await authenticator.authenticate()).toEqual(first)
  })

  for (const clockAheadSeconds of [Number.NaN, 0, 600]) {
    it(`speaks of the secret when it is refused, and of no clock, which is ${clockAheadSeconds} s ahead`, () =>
      expect(createBasicAuthenticator('client-1', 'words').explainRefusal(clockAheadSeconds)).toBe(
        'The client secret may be wrong or replaced, the authentication method not Basic, or the application, its project or its organization deactivated: create a new secret for the API application in the ZITADEL Console',
      ))
  }

  it('names the client', () => expect(createBasicAuthenticator('client-1', 'words').clientId).toBe('client-1'))

  for (const [clientId, clientSecret, message] of [
    [undefined, 'words', 'clientId is missing'],
    ['', 'words', 'clientId is missing'],
    [7, 'words', 'clientId is missing'],
    ['client-1', undefined, 'clientSecret is missing'],
    ['client-1', '', 'clientSecret is missing'],
    ['client-1', null, 'clientSecret is missing'],
  ] as const) {
    it(`takes ${JSON.stringify(clientId)} and ${JSON.stringify(clientSecret)} for a mistake`, () =>
      expect(() => createBasicAuthenticator(clientId, clientSecret)).toThrow(typeError(message)))
  }
})
