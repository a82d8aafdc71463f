import { decodeJwt } from 'jose'
import { HttpResponse, http } from 'msw'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Clock } from '../src/internal/clock.js'
import type { ZitadelAuthOptions } from '../src/options.js'
import { createZitadelAuth } from '../src/zitadel-auth.js'
import { generateApplicationKey } from './application-keys.js'
import { createDeferred } from './deferred.js'
import { authorizationError, typeError } from './expected-errors.js'
import { createRestlessClock, setUpNetwork } from './network.js'
import { unauthorizedClient } from './recorded-answers.js'
import { generateSigningKey, type SigningKey } from './signing-keys.js'

const server = setUpNetwork()
const { json } = generateApplicationKey()
const projectId = 'project-1'
const first = 'https://first.example'
const second = 'https://second.example'
const inside = 'http://zitadel.internal:8080'
const stranger = 'https://stranger.example'

let key: SigningKey
beforeAll(async () => {
  key = await generateSigningKey('ES256')
})

/**
 * A ZITADEL with two names, at each of them or at one internal address. As the real one it is another issuer under each name, takes
 * an assertion for that one alone, and says of a JWT of another that it is inactive.
 */
function setUp(options: Partial<ZitadelAuthOptions> = {}, origins: readonly string[] = [first, second]) {
  const asked: string[] = []
  const toIssuer = (request: Request): string => {
    const host = request.headers.get('x-zitadel-instance-host')
    return host === null ? new URL(request.url).origin : `${request.headers.get('x-forwarded-proto')}://${host}`
  }
  const note = (request: Request, what: string): string => {
    const issuer = toIssuer(request)
    asked.push(`${what} at ${new URL(request.url).origin} as ${issuer}`)
    return issuer
  }
  const clock = createRestlessClock()
  const nowSeconds = clock.now() / 1_000
  const claims = {
    sub: 'ann',
    aud: [projectId],
    jti: 'id-of-ann',
    client_id: 'web',
    iat: nowSeconds,
    nbf: nowSeconds,
    exp: nowSeconds + 3_600,
  }
  const introspect = (form: URLSearchParams, issuer: string): Response => {
    if (decodeJwt(form.get('client_assertion') ?? '').aud !== issuer) return unauthorizedClient()
    const token = form.get('token') ?? ''
    const isKnown = token === 'opaque' || (token.includes('.') && decodeJwt(token).iss === issuer)
    return HttpResponse.json(isKnown ? { active: true, iss: issuer, ...claims } : { active: false })
  }
  for (const origin of origins) {
    server.use(
      http.get(`${origin}/.well-known/openid-configuration`, ({ request }) => {
        const issuer = note(request, 'discovery')
        return HttpResponse.json({
          issuer,
          introspection_endpoint: `${issuer}/oauth/v2/introspect`,
          jwks_uri: `${issuer}/oauth/v2/keys`,
        })
      }),
      http.get(`${origin}/oauth/v2/keys`, ({ request }) => {
        note(request, 'keys')
        return HttpResponse.json({ keys: [key.publicJwk] })
      }),
      http.post(`${origin}/oauth/v2/introspect`, async ({ request }) =>
        introspect(new URLSearchParams(await request.clone().text()), note(request, 'introspection')),
      ),
    )
  }
  const all = { domain: [first, second], key: json, projectId, clock, ...options } as ZitadelAuthOptions
  const auth = createZitadelAuth(all)
  const authenticate = (token: string) => auth.authenticate(`Bearer ${token}`)
  return { auth, authenticate, asked, toJwt: (iss: string, more = {}) => key.sign({ ...claims, iss, ...more }) }
}

const at = (what: string, origin: string, issuer = origin): string => `${what} at ${origin} as ${issuer}`

describe('an instance with several names', () => {
  it('is asked about an opaque token by its first name', async () => {
    const { authenticate, asked } = setUp()
    expect(await authenticate('opaque')).toMatchObject({ userId: 'ann', issuer: first })
    expect(asked).toEqual([at('discovery', first), at('introspection', first)])
  })

  it('is asked about a JWT by the name that issued it, which is looked for when it is first needed', async () => {
    const { authenticate, asked, toJwt } = setUp()
    expect(await authenticate(await toJwt(first))).toMatchObject({ issuer: first })
    expect(asked).toEqual([at('discovery', first), at('introspection', first)])
    expect(await authenticate(await toJwt(second))).toMatchObject({ issuer: second, verifiedBy: 'introspection' })
    expect(asked.slice(2)).toEqual([at('discovery', second), at('introspection', second)])
  })

  it('is never asked at an address that a token names and nobody has configured', async () => {
    const { authenticate, asked, toJwt } = setUp()
    await expect(authenticate(await toJwt(stranger))).rejects.toThrow(
      authorizationError(
        'ERR_TOKEN_INVALID',
        'ZITADEL says that the token is not active: by its payload, which is not verified, it is from another issuer than the configured domain',
      ),
    )
    expect(asked).toEqual([at('discovery', first), at('introspection', first)])
  })

  it('is not asked by a name that is not in the list', async () => {
    const { authenticate, toJwt } = setUp({ domain: [first] })
    await expect(authenticate(await toJwt(second))).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', expect.stringMatching(/another issuer than the configured domain$/)),
    )
  })

  for (const verification of ['jwt', 'auto'] as const) {
    it(`has one set of keys for all of them in ${verification}`, async () => {
      const { authenticate, asked, toJwt } = setUp({ verification })
      expect(await authenticate(await toJwt(first))).toMatchObject({ issuer: first, verifiedBy: 'jwt' })
      expect(await authenticate(await toJwt(second))).toMatchObject({ issuer: second, verifiedBy: 'jwt' })
      expect(asked).toEqual([at('discovery', first), at('keys', first)])
    })

    it(`does not vouch in ${verification} for a JWT that names another issuer, though its key is good`, async () => {
      const { authenticate, toJwt } = setUp({ verification })
      await expect(authenticate(await toJwt(stranger))).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', 'the token is from another issuer than the configured domain'),
      )
    })
  }

  it('is asked in auto before a JWT is refused, by the name that issued it', async () => {
    const { auth, asked, toJwt } = setUp({ verification: 'auto' })
    await expect(auth.authenticate(`Bearer ${await toJwt(second)}`, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_PERMISSION_DENIED', expect.any(String)),
    )
    expect(asked).toEqual([
      at('discovery', first),
      at('keys', first),
      at('discovery', second),
      at('introspection', second),
    ])
  })

  it('is asked behind an internal address there, and told by which name', async () => {
    const options = { internalUrl: inside, allowInsecureHttp: true }
    const { authenticate, asked, toJwt } = setUp(options, [inside])
    await authenticate('opaque')
    await authenticate(await toJwt(second))
    expect(asked).toEqual([
      at('discovery', inside, first),
      at('introspection', inside, first),
      at('discovery', inside, second),
      at('introspection', inside, second),
    ])
  })

  it('needs no metadata for its first name where the endpoints are given, and that of another name when it is needed', async () => {
    const { authenticate, asked, toJwt } = setUp({
      endpoints: { introspection: `${first}/oauth/v2/introspect`, keys: `${first}/oauth/v2/keys` },
    })
    await authenticate(await toJwt(first))
    await authenticate(await toJwt(second))
    expect(asked).toEqual([at('introspection', first), at('discovery', second), at('introspection', second)])
  })

  it('is ready when its first name is', async () => {
    const { auth, asked } = setUp()
    await auth.ready()
    expect(asked).toEqual([at('discovery', first), at('introspection', first)])
  })

  it('is known by client id and secret under every name', async () => {
    const introspected: string[] = []
    const { authenticate, toJwt } = setUp({ key: undefined, clientId: 'client-1', clientSecret: 'words' } as never)
    server.use(
      http.post(`${second}/oauth/v2/introspect`, ({ request }) => {
        introspected.push(request.headers.get('authorization') ?? '')
        return HttpResponse.json({ active: true, iss: second, sub: 'ann', aud: [projectId] })
      }),
    )
    expect(await authenticate(await toJwt(second))).toMatchObject({ issuer: second })
    expect(introspected).toEqual([expect.stringMatching(/^Basic /)])
  })

  for (const [which, name] of [
    ['first', first],
    ['second', second],
  ] as const) {
    it(`is waited for no longer than 30 s with others, for the metadata under its ${which} name`, async () => {
      const ringing = createRestlessClock()
      // A runtime that ends a request takes what it has begun with it, its deadline too: only the wait with others is left.
      const after = vi.fn<Clock['after']>((ms, run) => (ms === 30_000 ? ringing.after(ms, run) : () => {}))
      const logger = { warn: () => {}, error: () => {} }
      const { authenticate, toJwt } = setUp({ clock: { ...ringing, after }, logger })
      const lost = createDeferred<Response>()
      onTestFinished(() => lost.resolve(HttpResponse.json({})))
      server.use(http.get(`${name}/.well-known/openid-configuration`, () => lost.promise))
      authenticate(await toJwt(name)).catch(() => {})
      const joined = authenticate(await toJwt(name, { jti: 'another' })).catch((error: unknown) => error)
      await vi.waitFor(() => expect(after).toHaveBeenCalledWith(30_000, expect.any(Function)))
      ringing.advanceSeconds(30)
      expect(await joined).toEqual(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'a request to ZITADEL that others wait for too did not end'),
      )
    })
  }

  for (const [domain, message] of [
    [[], /^the domain is missing: /],
    [[''], /^the domain is missing: /],
    [[first, undefined], /^the domain is missing: /],
    [[first, 'my domain'], /^the domain is not a host name or URL: /],
    [[first, 'http://second.example'], /^the domain is plain http to a host that is not this machine/],
    [[[first]], /^the domain is missing: /],
    [{ 0: first }, /^the domain is missing: /],
  ] as const) {
    it(`is a mistake where the list is ${JSON.stringify(domain)}`, () =>
      expect(() => createZitadelAuth({ domain, key: json } as never)).toThrow(
        typeError(expect.stringMatching(message)),
      ))
  }
})
