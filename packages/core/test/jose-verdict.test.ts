import { Buffer } from 'node:buffer'
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import type { ZitadelAuthOptions } from '../src/options.js'
import { createZitadelAuth } from '../src/zitadel-auth.js'
import { createManualClock } from './manual-clock.js'

/** `npm run test:fuzz` sets more of them. */
const runs = Number(process.env['PROPERTY_RUNS'] ?? 3_000)

// A long run takes minutes.
vi.setConfig({ testTimeout: 60 * 60_000 })

const issuer = 'https://zitadel.example'
const projectId = 'project-1'
const clock = createManualClock()
const now = clock.now() / 1_000

const hashes = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512', ES256: 'sha256', ES384: 'sha384', ES512: 'sha512' }
const algorithms = [...Object.keys(hashes), 'EdDSA']
const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

function generateKey(algorithm: string) {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  const namedCurve = curves[algorithm]
  return namedCurve === undefined
    ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
    : generateKeyPairSync('ec', { namedCurve })
}

interface Key {
  readonly algorithm: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const published: readonly Key[] = algorithms.map((algorithm) => ({ algorithm, ...generateKey(algorithm) }))
const unpublished: readonly Key[] = ['RS256', 'ES256', 'EdDSA'].map((algorithm) => ({
  algorithm,
  ...generateKey(algorithm),
}))
const jwks = {
  keys: published.map(({ algorithm, publicKey }) => ({
    ...publicKey.export({ format: 'jwk' }),
    use: 'sig',
    kid: `key-${algorithm}`,
    alg: algorithm,
  })),
}

type Members = Readonly<Record<string, unknown>>

/** What a token is made of. */
interface Ingredients {
  readonly key: Key
  readonly header: Members
  readonly payload: Members
  readonly signing: keyof typeof signers
  readonly spelling: keyof typeof spellings
}

const spellings = {
  'as it is': (token: string) => token,
  padded: (token: string) => `${token}${'='.repeat((4 - ((token.split('.')[2] ?? '').length % 4)) % 4)}`,
  'with stray bits': (token: string) => setStrayBits(token),
  'with another last character': (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`,
  'in the other alphabet': (token: string) => token.replaceAll('-', '+').replaceAll('_', '/'),
  'with one segment more': (token: string) => `${token}.AAAA`,
  'with one segment less': (token: string) => token.split('.').slice(0, 2).join('.'),
  'with another payload': (token: string) => replacePayload(token),
  'with a mark before its payload': (token: string) => token,
}

function setStrayBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.slice(-1)) ^ 1]}`
}

function replacePayload(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [header, encode(JSON.stringify({ ...claims, sub: 'bob' })), signature].join('.')
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

function makeToken({ key, header, payload, signing, spelling }: Ingredients): string {
  const mark = spelling === 'with a mark before its payload' ? '\ufeff' : ''
  const input = `${encode(JSON.stringify(header))}.${encode(mark + toJson(payload))}`
  const signature = signers[signing](key, input)
  return spellings[spelling](`${input}.${Buffer.from(signature).toString('base64url')}`)
}

const signers = {
  well: signWith,
  'by another key': (key: Key, input: string) =>
    signWith(unpublished.find(({ algorithm }) => algorithm === key.algorithm) ?? (unpublished[0] as Key), input),
  'with the public key as a secret': ({ publicKey }: Key, input: string) =>
    createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(input)
      .digest(),
  'not at all': () => Buffer.alloc(0),
  'one byte short': (key: Key, input: string) => signWith(key, input).subarray(1),
  'one byte short at its end': (key: Key, input: string) => signWith(key, input).subarray(0, -1),
  'in half': (key: Key, input: string) => signWith(key, input).subarray(signWith(key, input).length / 2),
  'with a zero before it': (key: Key, input: string) => Buffer.concat([Buffer.alloc(1), signWith(key, input)]),
  'with a byte after it': (key: Key, input: string) => Buffer.concat([signWith(key, input), Buffer.alloc(1)]),
  twice: (key: Key, input: string) => Buffer.concat([signWith(key, input), signWith(key, input)]),
  'at great length': (key: Key, input: string) => Buffer.concat([signWith(key, input), Buffer.alloc(4_096, 1)]),
  'with zeros': (key: Key, input: string) => Buffer.alloc(signWith(key, input).length),
  'with ones': (key: Key, input: string) => Buffer.alloc(signWith(key, input).length, 0xff),
  'in DER': ({ algorithm, privateKey }: Key, input: string) =>
    sign(toHash(algorithm), Buffer.from(input), { key: privateKey, dsaEncoding: 'der' }),
  'with one bit turned': (key: Key, input: string) => signWith(key, input).map((byte, at) => byte ^ Number(at === 7)),
} satisfies Readonly<Record<string, (key: Key, input: string) => Uint8Array>>

/** JSON has no infinity, and yet can say it. */
const toJson = (value: Members): string => JSON.stringify(value).replaceAll('"1e400"', '1e400')

function signWith({ algorithm, privateKey }: Key, input: string): Buffer {
  return sign(toHash(algorithm), Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

function toHash(algorithm: string): string | null {
  return hashes[algorithm as keyof typeof hashes] ?? null
}

const claims = {
  iss: issuer,
  sub: 'ann',
  aud: ['client-1', projectId],
  exp: now + 60,
  iat: now,
  nbf: now,
  client_id: 'web',
  jti: 'V2_1-at_2',
}

const odd = fc.constantFrom<unknown>(null, '', 0, 7, true, [], {}, 'x', undefined)
const seconds = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((offset) => now + offset),
  fc.constantFrom<unknown>(now, now + 5, now + 6, now - 5, now - 6, 0, -1, 1e300, '1e400', 8_640_000_000_001, `${now}`),
)
const texts = fc.oneof(fc.string(), odd)
const valuesByClaim: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  iss: fc.oneof(fc.constantFrom(`${issuer}/`, 'https://other.example', [issuer]), odd),
  sub: texts,
  aud: fc.oneof(
    fc.array(fc.oneof(fc.constantFrom<unknown>(projectId, 'other', null, 7, { id: projectId }, [projectId])), {
      maxLength: 3,
    }),
    fc.constantFrom<unknown>(projectId, 'other', `${projectId} `),
    odd,
  ),
  exp: fc.oneof(seconds, odd),
  iat: fc.oneof(seconds, odd),
  nbf: fc.oneof(seconds, odd),
  jti: texts,
  client_id: texts,
  act: fc.oneof(odd, fc.constantFrom({ sub: 'bob' }, { sub: 'bob', act: 'carl' }, { act: { act: null } })),
  scope: texts,
  deep: fc.integer({ min: 25, max: 40 }).map((levels) => JSON.parse('['.repeat(levels) + ']'.repeat(levels))),
  ...Object.fromEntries(['azp', 'nonce', 'at_hash', 'c_hash', 'sid', 'events'].map((name) => [name, odd])),
}

const change = (values: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc
    .constantFrom(...Object.keys(values))
    .chain((name) => (values[name] as fc.Arbitrary<unknown>).map((value) => ({ [name]: value })))

const changes = (values: Readonly<Record<string, fc.Arbitrary<unknown>>>, unchanged: number) =>
  fc.oneof(
    { weight: unchanged, arbitrary: fc.constant<Members>({}) },
    { weight: 4, arbitrary: change(values) },
    { weight: 1, arbitrary: fc.tuple(change(values), change(values)).map(([one, other]) => ({ ...one, ...other })) },
  )

const keyIds = published.map(({ algorithm }) => `key-${algorithm}`)
const headerValues: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  alg: fc.oneof(fc.constantFrom<unknown>(...algorithms, 'none', 'HS256', 'PS256', 'ES256K', 'rs256', ['RS256']), odd),
  kid: fc.oneof(fc.constantFrom<unknown>(...keyIds, 'unknown', '__proto__', 'constructor', ['key-RS256']), odd),
  typ: fc.oneof(
    fc.constantFrom<unknown>('jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'application/jwt', 'JOSE', 'id+jwt', [
      'JWT',
    ]),
    odd,
  ),
  crit: fc.constantFrom<unknown>(['b64'], ['exp'], [], 'exp', null, ['unknown']),
  b64: fc.constantFrom<unknown>(true, false, null),
  enc: fc.constantFrom<unknown>('A256GCM', null),
  jwk: fc.constantFrom<unknown>(unpublished[0]?.publicKey.export({ format: 'jwk' }), null),
  jku: fc.constant<unknown>('https://evil.example/keys'),
  cty: fc.constantFrom<unknown>('JWT', null),
  zip: fc.constant<unknown>('DEF'),
}
/** What breaks one of our own rules and none of jose's, so that each rule is met often. */
const headersRefusedByUs = fc.constantFrom<Members>(
  { kid: undefined },
  { kid: null },
  { typ: 'application/jwt' },
  { b64: true, crit: ['b64'] },
)
const payloadsRefusedByUs = fc.constantFrom<Members>(
  { aud: [projectId, null] },
  { aud: [{ id: projectId }, projectId] },
  { exp: now - 4 },
  { exp: now },
  { exp: '1e400' },
  { iat: now + 6 },
  { nbf: undefined },
  { client_id: undefined },
)

const ingredients: fc.Arbitrary<Ingredients> = fc
  .record({
    key: fc.constantFrom(...published),
    header: fc.oneof({ weight: 12, arbitrary: changes(headerValues, 6) }, { weight: 2, arbitrary: headersRefusedByUs }),
    payload: fc.oneof(
      { weight: 4, arbitrary: changes(valuesByClaim, 3) },
      { weight: 1, arbitrary: payloadsRefusedByUs },
    ),
    signing: fc.oneof(
      { weight: 20, arbitrary: fc.constant('well' as const) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...(Object.keys(signers) as (keyof typeof signers)[])),
      },
    ),
    spelling: fc.oneof(
      { weight: 20, arbitrary: fc.constant('as it is' as const) },
      { weight: 4, arbitrary: fc.constantFrom(...(Object.keys(spellings) as (keyof typeof spellings)[])) },
    ),
  })
  .map(({ key, header, payload, ...rest }) => ({
    key,
    header: { alg: key.algorithm, kid: `key-${key.algorithm}`, typ: 'JWT', ...header },
    payload: { ...claims, ...payload },
    ...rest,
  }))

/** A rule of ours that jose does not have, and why we have it. It says nothing of tokens that jose refuses. */
interface ExtraRule {
  readonly rule: string
  readonly reason: string
  readonly refuses: (token: Token) => boolean
}

interface Token extends Ingredients {
  readonly text: string
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTime = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

const extraRules: readonly ExtraRule[] = [
  {
    rule: 'segments in canonical base64url',
    reason: 'one token has one spelling, by which it is remembered and forgotten',
    refuses: ({ text }) =>
      text.split('.').some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part),
  },
  {
    rule: 'no crit and no b64',
    reason: 'RFC 7797 section 7: not for JWTs',
    refuses: ({ header }) => header['crit'] !== undefined || header['b64'] !== undefined,
  },
  {
    rule: 'no enc',
    reason: 'RFC 7516 section 9: it says that the token is encrypted',
    refuses: ({ header }) => header['enc'] !== undefined,
  },
  {
    rule: 'a kid that is a text',
    reason: 'ZITADEL names its key; jose takes the only one that fits',
    refuses: ({ header }) => typeof header['kid'] !== 'string',
  },
  {
    rule: 'the type JWT without its prefix',
    reason: 'ZITADEL writes JWT, and RFC 9068 knows a prefix for at+jwt alone',
    refuses: ({ header }) => header['typ'] === 'application/jwt',
  },
  {
    rule: 'no byte order mark',
    reason: 'RFC 8259 section 8.1',
    refuses: ({ spelling }) => spelling === 'with a mark before its payload',
  },
  {
    rule: 'sub and jti that are texts',
    reason: 'jose asks only whether they are there',
    refuses: ({ payload }) => !isText(payload['sub']) || !isText(payload['jti']),
  },
  {
    rule: 'a client_id that is a text',
    reason: 'a requirement may be about it, and a logout token has none',
    refuses: ({ payload }) => !isText(payload['client_id']),
  },
  {
    rule: 'an nbf',
    reason: 'ID and logout tokens have none',
    refuses: ({ payload }) => payload['nbf'] === undefined || payload['nbf'] === null,
  },
  {
    rule: 'an aud of nothing but texts',
    reason: 'what does not read is not trusted',
    refuses: ({ payload }) => [payload['aud']].flat().some((id) => typeof id !== 'string'),
  },
  {
    rule: 'an exp in the future, without tolerance',
    reason: 'the tolerance is for tokens that are new, not for those that are over',
    refuses: ({ payload }) => !((payload['exp'] as number) > now),
  },
  {
    rule: 'an iat that is not in the future',
    reason: 'jose compares it only with a maximum age',
    refuses: ({ payload }) => (payload['iat'] as number) > now + 5,
  },
  {
    rule: 'times that a date can hold',
    reason: 'jose takes infinity and what never comes',
    refuses: ({ payload }) =>
      ['exp', 'nbf'].some((name) => payload[name] !== undefined && !isTime(payload[name])) ||
      payload['iat'] === '1e400',
  },
  {
    rule: 'claims of at most 32 levels',
    reason: 'whoever copies or prints them must come to an end',
    refuses: ({ payload }) => depthOf(payload) > 33,
  },
]

const auth = createZitadelAuth({
  domain: issuer,
  verification: 'jwt',
  projectId,
  jwks,
  clock,
  cache: false,
  logger: { warn: () => {}, error: () => {} },
  fetch: async () => new Response('{"keys":[]}', { status: 500 }),
} as ZitadelAuthOptions)

const isAccepted = (verdict: Promise<unknown>): Promise<boolean> =>
  verdict.then(
    () => true,
    () => false,
  )

const isAcceptedByUs = (text: string): Promise<boolean> => isAccepted(auth.authenticate(`Bearer ${text}`))

const joseKeys = createLocalJWKSet(jwks as JSONWebKeySet)

/** As strict as its options make it. */
async function isAcceptedByJose(text: string): Promise<boolean> {
  const options = {
    algorithms,
    issuer,
    audience: projectId,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
    clockTolerance: 5,
    currentDate: new Date(clock.now()),
  }
  const types = ['JWT', 'at+jwt'].map((typ) => isAccepted(jwtVerify(text, joseKeys, { ...options, typ })))
  return (await Promise.all(types)).includes(true)
}

describe('the verdict on a JWT', () => {
  it("is jose's, but for the rules that are listed, each of which has refused something", async () => {
    const refusedBy = new Map(extraRules.map(({ rule }) => [rule, 0]))
    const verdicts = { accepted: 0, refused: 0, refusedByUsAlone: 0 }
    await fc.assert(
      fc.asyncProperty(ingredients, async (made) => {
        const token = { ...made, text: makeToken(made) }
        const [ours, joses] = await Promise.all([isAcceptedByUs(token.text), isAcceptedByJose(token.text)])
        const broken = joses ? extraRules.filter(({ refuses }) => refuses(token)) : []
        for (const { rule } of broken) refusedBy.set(rule, (refusedBy.get(rule) ?? 0) + 1)
        verdicts[ours ? 'accepted' : joses ? 'refusedByUsAlone' : 'refused'] += 1
        expect({ ours, text: token.text }).toEqual({ ours: joses && broken.length === 0, text: token.text })
      }),
      { numRuns: runs },
    )
    expect([...refusedBy].filter(([, count]) => count === 0)).toEqual([])
    expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(runs / 20)
  })
})
