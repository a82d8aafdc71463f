import { createPrivateKey, generateKeyPairSync, subtle } from 'node:crypto'
import { createZitadelAuth, type Fetch, type ZitadelAuthOptions } from '@org/zitadel-auth'
import fc from 'fast-check'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'

const issuer = 'https://zitadel.example'
const server: oauth.AuthorizationServer = { issuer, introspection_endpoint: `${issuer}/oauth/v2/introspect` }
const startMs = Date.UTC(2026, 0, 1)

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const key = { type: 'application', keyId: 'key-1', key: pem, appId: 'app-1', clientId: '9001@tasks' }

/** A request as it would go over the wire. */
interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
  readonly redirect: string
}

const inactive = (): Response => Response.json({ active: false })

/** The question this library asks about a token. */
async function askByUs(credentials: object, token: string): Promise<Sent> {
  const sent: Sent[] = []
  const fetch: Fetch = async (url, init) => {
    if (init.method === 'GET') return Response.json(server)
    sent.push(toSent(url.href, init))
    return inactive()
  }
  const clock = { now: () => startMs, sleep: async () => {} }
  const options = { domain: issuer, fetch, clock, logger: { warn() {}, error() {} }, ...credentials }
  const auth = createZitadelAuth(options as unknown as ZitadelAuthOptions)
  await auth.authenticate(`Bearer ${token}`).catch(() => {})
  return sent[0] as Sent
}

/** The same question, asked by oauth4webapi. */
async function askByThem(clientId: string, authentication: oauth.ClientAuth, token: string): Promise<Sent> {
  const sent: Sent[] = []
  const client = { client_id: clientId, [oauth.clockSkew]: Math.floor((startMs - Date.now()) / 1_000) }
  await oauth.introspectionRequest(server, client, authentication, token, {
    [oauth.customFetch]: async (url, init) => {
      sent.push(toSent(url, init))
      return inactive()
    },
  })
  return sent[0] as Sent
}

function toSent(url: string, init: { method: string; headers: object; redirect: string; body?: unknown }): Sent {
  const headers = Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    url,
    method: init.method,
    headers: Object.fromEntries(headers),
    form: Object.fromEntries(new URLSearchParams(String(init.body))),
    redirect: init.redirect,
  }
}

async function toCryptoKey(text: string): Promise<oauth.CryptoKey> {
  const pkcs8 = createPrivateKey(text).export({ type: 'pkcs8', format: 'der' })
  return (await subtle.importKey('pkcs8', pkcs8, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, [
    'sign',
  ])) as oauth.CryptoKey
}

/** The two halves of Basic credentials, decoded (RFC 6749 section 2.3.1). */
function readBasic({ headers }: Sent): readonly (string | null)[] {
  const text = atob(headers['authorization']?.replace(/^Basic /, '') ?? '')
  return text.split(':').map((half) => new URLSearchParams(`half=${half}`).get('half'))
}

describe('a question by assertion, beside that of oauth4webapi', () => {
  const both = async () => {
    const authentication = oauth.PrivateKeyJwt({ key: await toCryptoKey(pem), kid: key.keyId })
    return { ours: await askByUs({ key }, 'a.b-c_d'), theirs: await askByThem(key.clientId, authentication, 'a.b-c_d') }
  }

  it('goes to the same place in the same way', async () => {
    const { ours, theirs } = await both()
    expect(ours.url).toBe(theirs.url)
    expect([ours.method, ours.redirect, ours.headers['accept']]).toEqual(['POST', 'manual', 'application/json'])
    expect([theirs.method, theirs.redirect, theirs.headers['accept']]).toEqual(['POST', 'manual', 'application/json'])
    expect(ours.headers['authorization']).toBe(theirs.headers['authorization'])
  })

  it('has the same form, but for client_id, which an assertion makes superfluous (RFC 7521 section 4.2)', async () => {
    const { ours, theirs } = await both()
    const { client_id: clientId, client_assertion: _theirs, ...theirForm } = theirs.form
    const { client_assertion: _ours, ...ourForm } = ours.form
    expect(clientId).toBe(key.clientId)
    expect(ourForm).toEqual(theirForm)
  })

  it('has an assertion with the same header and claims, but for when it was issued and how long it serves', async () => {
    const { ours, theirs } = await both()
    const assertionOf = ({ form }: Sent): string => form['client_assertion'] ?? ''
    expect(decodeProtectedHeader(assertionOf(ours))).toEqual(decodeProtectedHeader(assertionOf(theirs)))
    const { iat, exp, jti, ...ourClaims } = decodeJwt(assertionOf(ours))
    // nbf says no more than iat does (RFC 7523 section 3).
    const { iat: _iat, exp: _exp, jti: _jti, nbf: _nbf, ...theirClaims } = decodeJwt(assertionOf(theirs))
    expect(ourClaims).toEqual(theirClaims)
    expect([iat, exp]).toEqual([startMs / 1_000 - 10, startMs / 1_000 - 10 + 600])
    expect(jti).toMatch(/^[\w-]{22,}$/)
  })
})

describe('a question by client id and secret, beside that of oauth4webapi', () => {
  const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })

  it('has the same form, and credentials that decode to the same, for any of them', () =>
    fc.assert(
      fc.asyncProperty(printable, printable, async (clientId, clientSecret) => {
        const ours = await askByUs({ clientId, clientSecret }, 'token')
        const theirs = await askByThem(clientId, oauth.ClientSecretBasic(clientSecret), 'token')
        expect(ours.form).toEqual(theirs.form)
        expect(readBasic(ours)).toEqual(readBasic(theirs))
        expect(readBasic(ours)).toEqual([clientId, clientSecret])
      }),
      { numRuns: 500 },
    ))
})

describe('an answer', () => {
  const anyMember = fc.oneof(fc.boolean(), fc.constantFrom('true', 1, null, undefined, {}, [true]))
  const body = fc.oneof(
    fc.record(
      { active: anyMember, sub: fc.constant('ann'), aud: fc.constant('api') },
      { requiredKeys: ['sub', 'aud'] },
    ),
    fc.constantFrom([], null, true, 'active'),
  )
  const status = fc.constantFrom(200, 200, 200, 201, 400, 401, 404, 500, 503)

  it('that oauth4webapi refuses never lets anybody in', () =>
    fc.assert(
      fc.asyncProperty(status, body, async (code, json) => {
        const answer = (): Response => Response.json(json, { status: code })
        const theirs = await oauth
          .processIntrospectionResponse(server, { client_id: 'api' }, answer())
          .catch(() => ({ active: false }))
        const fetch: Fetch = async (_url, { method }) => (method === 'GET' ? Response.json(server) : answer())
        const clock = { now: () => startMs, sleep: async () => {} }
        const auth = createZitadelAuth({
          ...{ domain: issuer, clientId: 'api', clientSecret: 'secret', fetch, clock },
          logger: { warn() {}, error() {} },
        })
        const ours = await auth.authenticate('Bearer token').catch(() => undefined)
        expect(ours !== undefined).toBe(theirs.active)
      }),
      { numRuns: 1_000 },
    ))
})

describe('discovery', () => {
  const asText = (value: unknown): string => JSON.stringify(value)
  const often = <Value>(value: Value, others: fc.Arbitrary<unknown>) =>
    fc.oneof({ arbitrary: fc.constant<unknown>(value), weight: 2 }, { arbitrary: others, weight: 1 })
  const otherIssuers = fc.constantFrom<unknown>(
    ...[`${issuer}/`, `${issuer}/path`, issuer.toUpperCase(), 'http://zitadel.example'],
    ...['https://zitadel.example.attacker.example', 'https://attacker.example', '', 7, null, undefined, [issuer]],
  )
  const otherAddresses = fc.constantFrom<unknown>(
    ...['https://elsewhere.example/introspect'],
    ...['http://zitadel.example/introspect', 'ftp://zitadel.example/', '/oauth/v2/introspect', '', 7, null, undefined],
  )
  const metadata = fc.record({
    issuer: often(issuer, otherIssuers),
    introspection_endpoint: often(server.introspection_endpoint, otherAddresses),
  })
  const answers = fc.record({
    status: fc.constantFrom(200, 200, 200, 200, 200, 200, 201, 301, 400, 404, 500),
    type: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/html', 'text/plain'),
    text: fc.oneof(
      { arbitrary: metadata.map(asText), weight: 8 },
      { arbitrary: fc.constantFrom('', '{', '[]', 'null', '"text"', '<html></html>'), weight: 1 },
    ),
  })

  it('finds no ZITADEL where oauth4webapi finds none', async () => {
    const seen = { both: 0, neither: 0 }
    await fc.assert(
      fc.asyncProperty(answers, async ({ status, type, text }) => {
        const answer = (): Response => new Response(text, { status, headers: { 'content-type': type } })
        const theirs = await oauth
          .processDiscoveryResponse(new URL(issuer), answer())
          .then((found) => askAt(found))
          .then(() => true)
          .catch(() => false)
        const ours = await createZitadelAuth({
          ...{ domain: issuer, clientId: 'api', clientSecret: 'secret' },
          fetch: async (_url, { method }) => (method === 'GET' ? answer() : inactive()),
          clock: { now: () => startMs, sleep: async () => {} },
        })
          .ready()
          .then(() => true)
          .catch(() => false)
        seen.both += Number(ours && theirs)
        seen.neither += Number(!ours && !theirs)
        expect(ours && !theirs).toBe(false)
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(seen.both, seen.neither)).toBeGreaterThan(50)
  })

  async function askAt(found: oauth.AuthorizationServer): Promise<void> {
    const options = { [oauth.customFetch]: async () => inactive() }
    await oauth.introspectionRequest(found, { client_id: 'api' }, oauth.None(), 'token', options)
  }
})
