import { inspect } from 'node:util'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { slicesOf } from '../../../test/application-keys.js'
import { toToken } from '../../../test/contexts.js'
import { authorizationError, outcomeOf } from '../../../test/expected-errors.js'
import { createManualClock } from '../../../test/manual-clock.js'
import { algorithms, encode, generateSigningKey, type SigningKey } from '../../../test/signing-keys.js'
import { readKeySet } from '../../provider/json-web-key.js'
import type { KeySet } from '../../provider/key-set.js'
import type { SignatureAlgorithm } from '../../provider/signature-algorithm.js'
import type { BearerToken } from '../../request/bearer-token.js'
import { readUnverifiedJwt } from './compact-jwt.js'
import { createJwtVerifier, requireJwt } from './jwt-verifier.js'

const clock = createManualClock()
const now = clock.now() / 1_000
const roles = (role: string) => ({ [role]: { org1: 'one.example' } })
const claims = {
  iss: 'https://zitadel.example',
  sub: 'ann',
  aud: ['client-1', 'project-1'],
  exp: now + 60,
  iat: now,
  nbf: now,
  client_id: 'web',
  jti: 'V2_1-at_2',
  'urn:zitadel:iam:org:project:project-1:roles': roles('admin'),
}

const keys = new Map<SignatureAlgorithm, SigningKey>()
beforeAll(async () => {
  for (const algorithm of algorithms) keys.set(algorithm, await generateSigningKey(algorithm))
})
const keyFor = (algorithm: SignatureAlgorithm): SigningKey => keys.get(algorithm) as SigningKey

function setUp(published: readonly object[] = [...keys.values()].map(({ publicJwk }) => publicJwk)) {
  const known = readKeySet({ keys: published }) ?? []
  const find = vi.fn<KeySet['find']>(async (keyId, algorithm) =>
    known.find((key) => key.keyId === keyId && key.algorithm === algorithm),
  )
  const isPublished = vi.fn<KeySet['isPublished']>(() => true)
  const verifyJwt = createJwtVerifier({
    keys: { find, isPublished, ready: async () => {} },
    projectId: 'project-1',
    clock,
  })
  const verify = async (token: BearerToken) => verifyJwt(token, requireJwt(token))
  return { verify, find, isPublished, known }
}

const refusal = (message: unknown, more: object = {}) => authorizationError('ERR_TOKEN_INVALID', message, more)

describe('createJwtVerifier', () => {
  for (const algorithm of algorithms) {
    it(`verifies ${algorithm}`, async () => {
      const { verify, find } = setUp()
      expect(await verify(await keyFor(algorithm).sign(claims))).toMatchObject({
        verifiedBy: 'jwt',
        userId: 'ann',
        tokenId: 'V2_1-at_2',
        clientId: 'web',
        issuer: 'https://zitadel.example',
        audience: ['client-1', 'project-1'],
        expiresAtSeconds: now + 60,
        roles: roles('admin'),
      })
      expect(find.mock.calls).toEqual([[`key-${algorithm}`, algorithm]])
    })

    it(`refuses a signature of ${algorithm} over something else`, async () => {
      const [header, , signature] = (await keyFor(algorithm).sign(claims)).split('.')
      const forged = toToken(`${header}.${encode({ ...claims, sub: 'bob' })}.${signature}`)
      await expect(setUp().verify(forged)).rejects.toThrow(refusal('the signature of the token does not verify'))
    })

    it(`refuses a signature of another ${algorithm} key with the same name`, async () => {
      const token = await (await generateSigningKey(algorithm)).sign(claims)
      await expect(setUp().verify(token)).rejects.toThrow(refusal('the signature of the token does not verify'))
    })
  }

  for (const typ of ['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt']) {
    it(`takes the type ${typ} (RFC 9068 section 2.1)`, async () =>
      expect(await setUp().verify(await keyFor('ES256').sign(claims, { typ }))).toMatchObject({ userId: 'ann' }))
  }

  const anotherType = 'the token is of another type than JWT'
  const notAccepted = 'the token is signed with an algorithm that is not accepted'
  const noKey = 'the token does not name its key'
  const extension = 'the token has a header extension, and none is accepted'

  for (const [header, message] of [
    [{ alg: 'none' }, notAccepted],
    [{ alg: 'HS256' }, notAccepted],
    [{ alg: 'PS256' }, notAccepted],
    [{ alg: 'ES256K' }, notAccepted],
    [{ alg: 'Ed25519' }, notAccepted],
    [{ alg: 'rs256' }, notAccepted],
    [{ alg: 'toString' }, notAccepted],
    [{ alg: '__proto__' }, notAccepted],
    [{ alg: ['RS256'] }, notAccepted],
    [{ alg: null }, notAccepted],
    [{ alg: 256 }, notAccepted],
    [{ kid: undefined }, noKey],
    [{ kid: null }, noKey],
    [{ kid: ['key-RS256'] }, noKey],
    [{ kid: { toString: 'key-RS256' } }, noKey],
    [{ typ: undefined }, anotherType],
    [{ typ: null }, anotherType],
    [{ typ: '' }, anotherType],
    [{ typ: ['JWT'] }, anotherType],
    [{ typ: 'JOSE' }, anotherType],
    [{ typ: 'id+jwt' }, anotherType],
    [{ typ: 'logout+jwt' }, anotherType],
    [{ typ: 'dpop+jwt' }, anotherType],
    [{ typ: 'application/jwt' }, anotherType],
    [{ crit: ['exp'] }, extension],
    [{ crit: [] }, extension],
    [{ crit: null }, extension],
    [{ b64: false, crit: ['b64'] }, extension],
    [{ b64: true }, extension],
    [{ b64: null }, extension],
  ] as const) {
    it(`refuses the header ${JSON.stringify(header)}, and looks for no key`, async () => {
      const { verify, find } = setUp()
      const [, payload, signature] = (await keyFor('RS256').sign(claims)).split('.')
      const full = { alg: 'RS256', kid: 'key-RS256', typ: 'JWT', ...header }
      await expect(verify(toToken(`${encode(full)}.${payload}.${signature}`))).rejects.toThrow(refusal(message))
      expect(find).not.toHaveBeenCalled()
    })
  }

  for (const [what, edit] of [
    ['padding', (token: string) => `${token}=`],
    ['another alphabet', (token: string) => token.replaceAll('-', '+').replaceAll('_', '/')],
    ['stray bits at the end', (token: string) => toLastBits(token)],
  ] as const) {
    it(`refuses ${what}, and looks for no key: a token has one spelling`, async () => {
      const { verify, find } = setUp()
      // A signature of 256 bytes ends with four unused bits.
      const token = toToken(edit(await keyFor('RS256').sign(claims)))
      await expect(verify(token)).rejects.toThrow(refusal('the token is not base64url in its canonical form'))
      expect(find).not.toHaveBeenCalled()
    })
  }

  it('refuses a key that ZITADEL does not publish', async () =>
    expect(setUp([]).verify(await keyFor('RS256').sign(claims))).rejects.toThrow(
      refusal('the token is signed with a key that ZITADEL does not publish'),
    ))

  it('asks for a key of the algorithm that the token names, and for no other', async () => {
    const { verify, find } = setUp()
    await outcomeOf(async () => verify(await keyFor('ES256').sign(claims, { kid: 'key-RS256' })))
    expect(find.mock.calls).toEqual([['key-RS256', 'ES256']])
  })

  it('refuses a signature by one algorithm under a key of another', async () =>
    expect(setUp().verify(await keyFor('ES256').sign(claims, { kid: 'key-RS256' }))).rejects.toThrow(
      refusal('the token is signed with a key that ZITADEL does not publish'),
    ))

  it('looks at no key that comes with the token', async () => {
    const attacker = await generateSigningKey('ES256')
    const header = { jwk: attacker.publicJwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example/x5u' }
    await expect(setUp().verify(await attacker.sign(claims, header))).rejects.toThrow(
      refusal('the signature of the token does not verify'),
    )
  })

  for (const payload of ['words', '[]', 'null', '"ann"', '']) {
    it(`refuses the payload ${JSON.stringify(payload)}, though it is signed`, async () =>
      expect(setUp().verify(await keyFor('EdDSA').sign(payload))).rejects.toThrow(
        refusal('the payload of the token is not a JSON object'),
      ))
  }

  for (const [what, more, message] of [
    ['no jti', { jti: undefined }, expect.stringContaining('the token has no claim "jti"')],
    [
      'an ID token',
      { azp: 'web', jti: undefined, nbf: undefined },
      'the token is an ID token: the client must send its access token',
    ],
    ['an exp that is a text', { exp: `${now + 60}` }, 'the claim "exp" of the token is not a number of seconds'],
    ['an nbf that is a text', { nbf: `${now}` }, 'the claim "nbf" of the token is not a number of seconds'],
    ['a sub that is a number', { sub: 7 }, 'the claim "sub" of the token is not a text'],
    ['an empty jti', { jti: '' }, 'the claim "jti" of the token is not a text'],
    ['an aud that is an object', { aud: {} }, 'the claim "aud" of the token is not a text or a list of texts'],
    ['an iat in the future', { iat: now + 6 }, expect.stringContaining('issued in the future')],
  ] as const) {
    it(`refuses a good signature over ${what}`, async () =>
      expect(setUp().verify(await keyFor('EdDSA').sign({ ...claims, ...more }))).rejects.toThrow(refusal(message)))
  }

  it('takes an act that does not read for an actor nobody knows', async () => {
    const { actor } = await setUp().verify(await keyFor('EdDSA').sign({ ...claims, act: 'bob' }))
    expect(actor).toEqual({ userId: undefined, issuer: undefined, actor: undefined })
  })

  it('is vouched for as long as the key is published that has signed it', async () => {
    const { verify, isPublished, known } = setUp()
    const { isStillVouchedFor } = await verify(await keyFor('EdDSA').sign(claims))
    expect(isStillVouchedFor?.()).toBe(true)
    isPublished.mockReturnValue(false)
    expect(isStillVouchedFor?.()).toBe(false)
    expect(isPublished.mock.calls[0]).toEqual([known.find(({ algorithm }) => algorithm === 'EdDSA')])
  })

  it('refuses an exp of 1e400, which JSON reads as infinity', async () => {
    const payload = JSON.stringify(claims).replace(`${now + 60}`, '1e400')
    await expect(setUp().verify(await keyFor('EdDSA').sign(payload))).rejects.toThrow(
      refusal('the claim "exp" of the token is not a number of seconds'),
    )
  })

  it('takes the roles in its own project alone: the claim without a project speaks of another one', async () => {
    const token = await keyFor('ES256').sign({
      ...claims,
      'urn:zitadel:iam:org:project:roles': roles('general'),
      'urn:zitadel:iam:org:project:project-1:roles': roles('own'),
      'urn:zitadel:iam:org:project:project-2:roles': roles('other'),
      roles: ['injected'],
    })
    expect((await setUp().verify(token)).roles).toEqual(roles('own'))
  })

  it('finds no roles where the own project names none', async () => {
    const token = await keyFor('ES256').sign({
      ...claims,
      'urn:zitadel:iam:org:project:roles': roles('general'),
      'urn:zitadel:iam:org:project:project-1:roles': undefined,
    })
    expect((await setUp().verify(token)).roles).toEqual({})
  })

  it('trusts no scope, name or email address: an Action may have written them', async () => {
    const injected = { scope: 'admin', username: 'root', preferred_username: 'root', email: 'root@zitadel.example' }
    const verified = await setUp().verify(await keyFor('ES256').sign({ ...claims, ...injected }))
    expect(verified).toMatchObject({ scopes: [], username: undefined, email: undefined, claims: injected })
  })

  it('cannot decide while the keys cannot be had', async () => {
    const { verify, find } = setUp()
    const failure = new Error('no keys')
    find.mockRejectedValueOnce(failure)
    await expect(verify(await keyFor('ES256').sign(claims))).rejects.toBe(failure)
  })

  it('says that a published key cannot be used, which is not the fault of the token', async () => {
    const key = keyFor('ES256')
    const { verify } = setUp([{ ...key.publicJwk, x: 'AA' }])
    await expect(verify(await key.sign(claims))).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'a key of ZITADEL cannot be used', {
        status: 503,
        cause: expect.objectContaining({ name: expect.any(String) }),
      }),
    )
  })

  it('takes no algorithm but that of the key, even if the set of keys gave the key of another', async () => {
    const { verify, find } = setUp()
    find.mockResolvedValueOnce(readKeySet({ keys: [keyFor('RS512').publicJwk] })?.[0])
    await expect(verify(await keyFor('RS256').sign(claims))).rejects.toThrow(
      refusal('the signature of the token does not verify'),
    )
  })

  it('names no cause where there is none', async () =>
    expect(await outcomeOf(() => requireJwt(toToken('token-of-ann')))).not.toHaveProperty('cause'))

  it('never tells the token, nor a claim', async () => {
    const key = keyFor('RS256')
    const token = await key.sign({ ...claims, exp: 'a claim that nobody may read in a log' })
    const errors = await Promise.all(
      [token, toToken(`${token}=`), toToken(`${token.slice(0, -20)}AAAAAAAAAAAAAAAAAAAA`)].map((bad) =>
        outcomeOf(() => setUp().verify(bad)),
      ),
    )
    const told = errors.map((error) => inspect(error, { depth: 10, showHidden: true })).join('\n')
    expect([...slicesOf(token), 'a claim that nobody'].filter((slice) => told.includes(slice))).toEqual([])
  })
})

describe('requireJwt', () => {
  it('gives the form of a JWT', async () => {
    const token = await keyFor('RS256').sign(claims)
    expect(requireJwt(token)).toEqual(readUnverifiedJwt(token))
  })

  it('says of an opaque token what to set in ZITADEL', () =>
    expect(() => requireJwt(toToken('opaque'))).toThrow(
      refusal(
        expect.stringMatching(/^the token is no JWT: .* token type to JWT in ZITADEL, or use verification: 'auto'$/),
      ),
    ))
})

/** The same bytes with the unused bits of the last character set. */
function toLastBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.slice(-1)) + 1]}`
}
