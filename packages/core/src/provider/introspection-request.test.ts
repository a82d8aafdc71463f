import { decodeProtectedHeader } from 'jose'
import { HttpResponse, http } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { generateApplicationKey } from '../../test/application-keys.js'
import { toToken } from '../../test/contexts.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createTestFetchJson, setUpNetwork } from '../../test/network.js'
import { unauthorizedClient } from '../../test/recorded-answers.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { type ApplicationKey, readApplicationKey } from './application-key.js'
import { createAssertionAuthenticator } from './client-assertion.js'
import { createBasicAuthenticator } from './client-authentication.js'
import { createIntrospectionRequest, isAboutOneToken } from './introspection-request.js'
import { createFixedKey, type KeySource } from './key-source.js'

const endpoint = 'https://zitadel.example/oauth/v2/introspect'
const ann = toToken('token-of-ann+/=')
const applicationKey = readApplicationKey(generateApplicationKey().json)
const assertion = (source: KeySource<ApplicationKey> = createFixedKey(applicationKey)) =>
  createAssertionAuthenticator(source, { issuer: 'https://zitadel.example', clock: createManualClock() })
const server = setUpNetwork()

function setUp(authenticator = assertion()) {
  const forms: URLSearchParams[] = []
  const requests: Request[] = []
  const answer = vi.fn<() => Response>(() => HttpResponse.json({ active: true }))
  server.use(
    http.post(endpoint, async ({ request }) => {
      requests.push(request)
      forms.push(new URLSearchParams(await request.clone().text()))
      return answer()
    }),
  )
  const introspect = createIntrospectionRequest({
    discover: async () => ({ introspectionEndpoint: new URL(endpoint) }),
    authenticator,
    fetchJson: createTestFetchJson(),
    headers: { 'x-zitadel-instance-host': 'zitadel.example' },
  })
  return { introspect, answer, forms, requests, assertions: () => forms.map((form) => form.get('client_assertion')) }
}

const refuse = () => unauthorizedClient()

const startingWith = (words: string) => expect.stringMatching(new RegExp(`^${words}`))
const refused = 'ZITADEL refuses to introspect: status'
const notAccepted = 'it does not accept the credentials of this API. The application key may be expired, deleted or'
const invalidRequest = 'invalid_request: it does not understand the request. Is this version of ZITADEL supported?'

describe('createIntrospectionRequest', () => {
  it('posts the token and the assertion as a form (RFC 7662 section 2.1)', async () => {
    const { introspect, forms, requests } = setUp()
    expect(await introspect(ann)).toEqual({ active: true })
    expect(requests[0]?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
    expect(requests[0]?.headers.get('accept')).toBe('application/json')
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token: 'token-of-ann+/=',
      },
    ])
  })

  it('posts the token alone where client id and secret are in the header', async () => {
    const { introspect, forms, requests } = setUp(createBasicAuthenticator('client-1', 'words'))
    await introspect(ann)
    expect(requests[0]?.headers.get('authorization')).toMatch(/^Basic /)
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([{ token: 'token-of-ann+/=' }])
  })

  it('sends the headers that it was given', async () => {
    const { introspect, requests } = setUp()
    await introspect(ann)
    expect(requests[0]?.headers.get('x-zitadel-instance-host')).toBe('zitadel.example')
  })

  it('keeps the token out of the address', async () => {
    const { introspect, requests } = setUp()
    await introspect(ann)
    expect(requests[0]?.url).toBe(endpoint)
  })

  it('signs a new assertion when a used one is refused, and asks once more', async () => {
    const { introspect, answer, assertions } = setUp()
    await introspect(ann)
    answer.mockImplementationOnce(refuse)
    expect(await introspect(ann)).toEqual({ active: true })
    const [first, second, third] = assertions()
    expect([assertions().length, second === first, third === first]).toEqual([3, true, false])
  })

  it('uses the new assertion from then on', async () => {
    const { introspect, answer, assertions } = setUp()
    await introspect(ann)
    answer.mockImplementationOnce(refuse)
    await introspect(ann)
    await introspect(ann)
    expect(assertions()[3]).toBe(assertions()[2])
  })

  it('does not ask again when a new assertion is refused, and signs another the next time', async () => {
    const { introspect, answer, assertions } = setUp()
    answer.mockImplementation(refuse)
    await expect(introspect(ann)).rejects.toThrow(
      authorizationError('ERR_CONFIGURATION', startingWith(`${refused} 400 and unauthorized_client: ${notAccepted}`)),
    )
    expect(assertions()).toHaveLength(1)
    await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    expect(new Set(assertions()).size).toBe(2)
  })

  it('gives up when the new assertion is refused as well, and does not use that one again either', async () => {
    const { introspect, answer, assertions } = setUp()
    await introspect(ann)
    answer.mockImplementation(refuse)
    await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    expect(assertions()).toHaveLength(3)
    await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    expect(assertions()).toHaveLength(4)
    expect(new Set(assertions()).size).toBe(3)
  })

  it('asks once more with a key that has taken the place of the refused one', async () => {
    let current = applicationKey
    const refresh = () => {
      current = { ...applicationKey, keyId: 'key-2' }
    }
    const { introspect, answer, assertions } = setUp(assertion({ current: () => current, refresh }))
    answer.mockImplementationOnce(refuse)
    expect(await introspect(ann)).toEqual({ active: true })
    const keyIds = assertions().map((text) => decodeProtectedHeader(text ?? '').kid)
    expect(keyIds).toEqual(['key-1', 'key-2'])
  })

  for (const [status, body] of [
    [400, { error: 'words of a firewall' }],
    [401, { error: 'words of a firewall' }],
    [400, { error: 'invalid_request' }],
    [403, { error: 'unauthorized_client' }],
  ] as const) {
    it(`keeps its assertion when the question is refused, and not who asks: ${status} ${JSON.stringify(body)}`, async () => {
      const { introspect, answer, assertions } = setUp()
      await introspect(ann)
      answer.mockImplementationOnce(() => HttpResponse.json(body, { status }))
      await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
      await introspect(ann)
      expect([assertions().length, new Set(assertions()).size]).toEqual([3, 1])
    })
  }

  // The network of the test stands at the first day of 2026.
  for (const [what, authenticator, date, words] of [
    ['key, and the same time', assertion(), 'Thu, 01 Jan 2026 00:00:00 GMT', 'The application key may be expired'],
    ['key, and no time', assertion(), 'soon', 'The application key may be expired'],
    [
      'key, and an earlier time',
      assertion(),
      'Wed, 31 Dec 2025 23:59:40 GMT',
      'The clock of this machine is 20 s ahead',
    ],
    [
      'key, and a later time',
      assertion(),
      'Thu, 01 Jan 2026 00:10:00 GMT',
      'The clock of this machine is 600 s behind',
    ],
    [
      'secret, and an earlier time',
      createBasicAuthenticator('client-1', 'words'),
      'Wed, 31 Dec 2025 23:59:40 GMT',
      'The client secret may be wrong or replaced',
    ],
  ] as const) {
    it(`says of a refused ${what}: ${words}`, async () => {
      const { introspect, answer } = setUp(authenticator)
      answer.mockImplementation(() => unauthorizedClient({ Date: date }))
      const start = `${refused} 400 and unauthorized_client: it does not accept the credentials of this API. ${words}`
      await expect(introspect(ann)).rejects.toThrow(
        authorizationError('ERR_CONFIGURATION', startingWith(start), { message: 'internal server error' }),
      )
    })
  }

  it('does not ask again when client id and secret are refused', async () => {
    const { introspect, answer, forms } = setUp(createBasicAuthenticator('client-1', 'words'))
    answer.mockImplementation(refuse)
    await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    expect(forms).toHaveLength(1)
  })

  for (const [status, body, message] of [
    [400, { error: 'unauthorized_client' }, startingWith(`${refused} 400 and unauthorized_client: ${notAccepted}`)],
    [401, { error: 'unauthorized_client' }, startingWith(`${refused} 401 and unauthorized_client: ${notAccepted}`)],
    [400, { error: 'invalid_client' }, startingWith(`${refused} 400 and invalid_client: ${notAccepted}`)],
    [
      401,
      { error: 'invalid_client', error_description: 'words of ZITADEL' },
      startingWith(`${refused} 401 and invalid_client: ${notAccepted}`),
    ],
    [400, { error: 'invalid_request' }, `${refused} 400 and ${invalidRequest}`],
    [400, { error: 'words of somebody' }, `${refused} 400`],
    [400, { error: 'toString' }, `${refused} 400`],
    [400, { error: '__proto__' }, `${refused} 400`],
    [400, { error: ['unauthorized_client'] }, `${refused} 400`],
    [400, ['unauthorized_client'], `${refused} 400`],
    [400, null, `${refused} 400`],
    [403, { error: 'words of a proxy' }, `${refused} 403`],
    [404, { message: 'Instance not found' }, `${refused} 404`],
    [201, { active: true }, `${refused} 201`],
    [302, { active: true }, `${refused} 302`],
  ] as const) {
    it(`says ERR_CONFIGURATION for status ${status} and ${JSON.stringify(body)}, and repeats only what it knows`, async () => {
      const { introspect, answer } = setUp()
      answer.mockImplementation(() => HttpResponse.json(body, { status }))
      await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', message, { status: 500 }))
    })
  }

  for (const [status, body, isAbout] of [
    [400, { error: 'unauthorized_client' }, false],
    [401, { error: 'invalid_client' }, false],
    [400, { error: 'words of somebody' }, true],
    [403, { error: 'words of a firewall' }, true],
    [302, null, true],
    [200, { page: 'of a firewall' }, true],
  ] as const) {
    it(`tells of status ${status} and ${JSON.stringify(body)} whether the token may be the reason: ${isAbout}`, async () => {
      const { introspect, answer } = setUp()
      answer.mockImplementation(() => HttpResponse.json(body, { status }))
      const refusal = await outcomeOf(() => introspect(ann))
      expect(isAboutOneToken(refusal as AuthorizationError)).toBe(isAbout)
    })
  }

  const noAnswer = 'ZITADEL answered with something that is no introspection'
  for (const [what, answer] of [
    ['a page', () => HttpResponse.html('<html></html>')],
    ['JSON under another type', () => HttpResponse.text('{"active":true}')],
    [
      'JSON that is cut off',
      () => new HttpResponse('{"active":true', { headers: { 'Content-Type': 'application/json' } }),
    ],
    ['a list', () => HttpResponse.json([{ active: true }])],
    ['null', () => HttpResponse.json(null)],
    ['true', () => HttpResponse.json(true)],
    ['an object without "active" (RFC 7662 section 2.2)', () => HttpResponse.json({ keys: [] })],
    ['"active" as a text', () => HttpResponse.json({ active: 'true' })],
  ] as const) {
    it(`takes status 200 and ${what} for no answer`, async () => {
      const { introspect, answer: respond } = setUp()
      respond.mockImplementation(answer)
      await expect(introspect(ann)).rejects.toThrow(authorizationError('ERR_PROVIDER_UNAVAILABLE', noAnswer))
    })
  }

  it('asks nothing when the endpoint is not found', async () => {
    const { forms } = setUp()
    const failure = new AuthorizationError('ERR_PROVIDER_NOT_FOUND', 'no such host')
    const introspect = createIntrospectionRequest({
      discover: () => Promise.reject(failure),
      authenticator: assertion(),
      fetchJson: createTestFetchJson(),
      headers: {},
    })
    await expect(introspect(ann)).rejects.toBe(failure)
    expect(forms).toEqual([])
  })
})
