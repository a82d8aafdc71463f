import { HttpResponse, http } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { createRestlessClock, createTestFetchJson, setUpNetwork } from '../../test/network.js'
import { createDiscovery } from './discovery.js'
import { type ProviderAddressOptions, readProviderAddress } from './issuer.js'

const issuer = 'https://zitadel.example'
const wellKnown = '/.well-known/openid-configuration'
const metadata = { issuer, introspection_endpoint: `${issuer}/oauth/v2/introspect` }
const server = setUpNetwork()

function setUp(options: Partial<ProviderAddressOptions> = {}) {
  const clock = createRestlessClock()
  const address = readProviderAddress({ domain: 'zitadel.example', ...options })
  const answer = vi.fn<(request: Request) => Response>(() => HttpResponse.json(metadata))
  server.use(http.get(`${address.origin}${wellKnown}`, ({ request }) => answer(request)))
  const discover = createDiscovery(address, {
    endpoints: ['introspectionEndpoint'],
    fetchJson: createTestFetchJson(clock),
    clock,
  })
  return { clock, answer, discover, asked: () => answer.mock.calls.length }
}

const down = () => new HttpResponse(null, { status: 500 })

describe('createDiscovery', () => {
  it('finds the introspection endpoint (OpenID Connect Discovery 1.0 section 4)', async () =>
    expect(await setUp().discover()).toEqual({ introspectionEndpoint: new URL(`${issuer}/oauth/v2/introspect`) }))

  it('asks when it is first needed, and once', async () => {
    const { discover, asked } = setUp()
    expect(asked()).toBe(0)
    await discover()
    await discover()
    expect(asked()).toBe(1)
  })

  it('asks once for all who need it at once', async () => {
    const { discover, asked } = setUp()
    await Promise.all([discover(), discover(), discover()])
    expect(asked()).toBe(1)
  })

  it('does not remember a failure', async () => {
    const { discover, answer, asked } = setUp()
    answer.mockImplementationOnce(down)
    await expect(discover()).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect((await discover()).introspectionEndpoint.href).toBe(`${issuer}/oauth/v2/introspect`)
    expect(asked()).toBe(2)
  })

  it('asks again after an hour, and not a moment before', async () => {
    const { clock, discover, answer, asked } = setUp()
    await discover()
    clock.advanceSeconds(3_599.999)
    await discover()
    expect(asked()).toBe(1)
    answer.mockImplementation(() => HttpResponse.json({ ...metadata, introspection_endpoint: `${issuer}/moved` }))
    clock.advanceSeconds(0.001)
    // One caller waits for the new metadata, and the others go on with the old.
    expect((await Promise.all([discover(), discover()])).map((found) => found.introspectionEndpoint.pathname)).toEqual([
      '/moved',
      '/oauth/v2/introspect',
    ])
    expect(asked()).toBe(2)
  })

  it('keeps what it knows while ZITADEL does not answer, and asks once a minute until it does', async () => {
    const { clock, discover, answer, asked } = setUp()
    const known = await discover()
    clock.advanceSeconds(3_600)
    answer.mockImplementation(down)
    expect(await discover()).toBe(known)
    clock.advanceSeconds(59.999)
    expect(await discover()).toBe(known)
    expect(asked()).toBe(2)
    answer.mockImplementation(() => HttpResponse.json({ ...metadata, introspection_endpoint: `${issuer}/moved` }))
    clock.advanceSeconds(0.001)
    expect((await discover()).introspectionEndpoint.pathname).toBe('/moved')
    expect(asked()).toBe(3)
  })

  it('keeps what it knows when the domain suddenly answers as something else', async () => {
    const { clock, discover, answer } = setUp()
    const known = await discover()
    clock.advanceSeconds(3_600)
    answer.mockImplementation(() => HttpResponse.json({ ...metadata, issuer: 'https://other.example' }))
    expect(await discover()).toBe(known)
  })

  const check = '(check the configured domain)'
  const another = (announced = '') =>
    `${issuer} calls itself by another issuer${announced} than ${issuer} in ${wellKnown}: configure the domain that ZITADEL has as its external domain ${check}`
  const noEndpoint = `${issuer} is not a ZITADEL: ${wellKnown} has no introspection_endpoint ${check}`
  const answersWith = (how: string) => `${issuer} is not a ZITADEL: ${wellKnown} answers with status ${how} ${check}`
  const insecure = `the introspection_endpoint of ${issuer} is plain http to a host that is not this machine, where tokens can be read on the way: use https, or set allowInsecureHttp ${check}`

  for (const [what, answer, message] of [
    [
      'another issuer',
      () => HttpResponse.json({ ...metadata, issuer: 'https://other.example' }),
      another(', https://other.example,'),
    ],
    [
      'an issuer on this machine',
      () => HttpResponse.json({ ...metadata, issuer: 'http://[::1]:8080' }),
      another(', http://[::1]:8080,'),
    ],
    [
      'an issuer with a slash at the end',
      () => HttpResponse.json({ ...metadata, issuer: `${issuer}/` }),
      another(`, ${issuer}/,`),
    ],
    ['an issuer in a list', () => HttpResponse.json({ ...metadata, issuer: [issuer] }), another()],
    ['no issuer', () => HttpResponse.json({ ...metadata, issuer: undefined }), another()],
    [
      'an issuer with words of somebody in it',
      () => HttpResponse.json({ ...metadata, issuer: 'https://other.example/\nwords' }),
      another(),
    ],
    [
      'an issuer with a user in it',
      () => HttpResponse.json({ ...metadata, issuer: 'https://ann:word@other.example' }),
      another(),
    ],
    [
      'an issuer that is too long',
      () => HttpResponse.json({ ...metadata, issuer: `https://${'a'.repeat(261)}` }),
      another(),
    ],
    ['no endpoint', () => HttpResponse.json({ issuer }), noEndpoint],
    [
      'an endpoint that is no URL',
      () => HttpResponse.json({ issuer, introspection_endpoint: '/introspect' }),
      noEndpoint,
    ],
    ['an endpoint that is no text', () => HttpResponse.json({ issuer, introspection_endpoint: [issuer] }), noEndpoint],
    [
      'an endpoint on plain http',
      () => HttpResponse.json({ issuer, introspection_endpoint: 'http://zitadel.example/introspect' }),
      insecure,
    ],
    ['a page', () => HttpResponse.html('<html></html>'), answersWith('200 and no JSON')],
    ['a list', () => HttpResponse.json([metadata]), answersWith('200 and no JSON')],
    ['null', () => HttpResponse.json(null), answersWith('200 and no JSON')],
    [
      'JSON that is cut off',
      () => new HttpResponse('{"iss', { headers: { 'Content-Type': 'application/json' } }),
      answersWith('200 and no JSON'),
    ],
    ['404', () => HttpResponse.text('404 page not found\n', { status: 404 }), answersWith('404')],
    ['404 in JSON', () => HttpResponse.json(metadata, { status: 404 }), answersWith('404')],
    [
      'a redirect',
      () => new HttpResponse(null, { status: 302, headers: { Location: 'https://other.example/' } }),
      answersWith('302'),
    ],
  ] as const) {
    it(`takes ${what} for a mistake in the configuration`, async () => {
      const { discover, answer: respond } = setUp()
      respond.mockImplementation(answer)
      await expect(discover()).rejects.toThrow(authorizationError('ERR_CONFIGURATION', message, { status: 500 }))
    })
  }

  it('takes an endpoint on plain http where that is allowed', async () => {
    const { discover, answer } = setUp({ allowInsecureHttp: true })
    answer.mockImplementation(() =>
      HttpResponse.json({ issuer, introspection_endpoint: 'http://zitadel.example/introspect' }),
    )
    expect((await discover()).introspectionEndpoint.href).toBe('http://zitadel.example/introspect')
  })

  it('asks at the internal address under the public name, and finds the endpoint there', async () => {
    const { discover, answer } = setUp({ internalUrl: 'http://localhost:8080' })
    expect((await discover()).introspectionEndpoint.href).toBe('http://localhost:8080/oauth/v2/introspect')
    const headers = answer.mock.calls[0]?.[0].headers
    expect(
      ['x-zitadel-instance-host', 'x-zitadel-public-host', 'x-forwarded-proto'].map((name) => headers?.get(name)),
    ).toEqual(['zitadel.example', 'zitadel.example', 'https'])
  })

  it('names the address that was asked, and the option that led there', async () => {
    const { discover, answer } = setUp({ internalUrl: 'http://localhost:8080' })
    answer.mockImplementation(() => HttpResponse.html('<html></html>'))
    await expect(discover()).rejects.toThrow(
      authorizationError(
        'ERR_CONFIGURATION',
        `http://localhost:8080 is not a ZITADEL: ${wellKnown} answers with status 200 and no JSON (check the configured internalUrl)`,
      ),
    )
  })
})
