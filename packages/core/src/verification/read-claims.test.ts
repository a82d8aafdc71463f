import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { isAuthorizationError } from '../errors/authorization-error.js'
import { readVerifiedClaims } from './read-claims.js'

const good = { active: true, sub: 'ann', aud: ['api'] }

/** A value inside so many lists. */
function nest(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'leaf')
}

describe('readVerifiedClaims', () => {
  it('reads everything ZITADEL says (RFC 7662 section 2.2)', () =>
    expect(
      readVerifiedClaims({
        ...good,
        iss: 'https://zitadel.example',
        jti: 'V2_1-at_2',
        client_id: 'web',
        scope: 'openid  profile ',
        exp: 1_800_000_000,
        nbf: 1_700_000_000.5,
        act: { sub: 'bob', iss: 'https://zitadel.example', act: { sub: 'cleo' } },
        preferred_username: 'ann@one.example',
        email: 'ann@one.example',
        'urn:zitadel:iam:user:resourceowner:id': 'org1',
        'urn:zitadel:iam:user:metadata': { plan: 'cHJlbWl1bQ' },
        'urn:zitadel:iam:user:groups': [{ id: 'group1', name: 'Staff' }],
        'urn:zitadel:iam:org:project:roles': { admin: { org1: 'one.example' } },
        'urn:zitadel:iam:org:project:p2:roles': { auditor: { org2: 'two.example' } },
      }),
    ).toMatchObject({
      userId: 'ann',
      tokenId: 'V2_1-at_2',
      clientId: 'web',
      issuer: 'https://zitadel.example',
      audience: ['api'],
      scopes: ['openid', 'profile'],
      expiresAtSeconds: 1_800_000_000,
      notBeforeSeconds: 1_700_000_000.5,
      actor: {
        userId: 'bob',
        issuer: 'https://zitadel.example',
        actor: { userId: 'cleo', issuer: undefined, actor: undefined },
      },
      organizationId: 'org1',
      username: 'ann@one.example',
      email: 'ann@one.example',
      metadata: { plan: 'premium' },
      groups: [{ id: 'group1', name: 'Staff' }],
      roles: { admin: { org1: 'one.example' } },
      rolesByProject: { p2: { auditor: { org2: 'two.example' } } },
    }))

  it('pins the roles to the project when it is known', () =>
    expect(
      readVerifiedClaims(
        {
          ...good,
          'urn:zitadel:iam:org:project:roles': { admin: { org1: '' } },
          'urn:zitadel:iam:org:project:p1:roles': { editor: { org1: '' } },
        },
        { verifiedBy: 'introspection', projectId: 'p1' },
      ).roles,
    ).toEqual({ editor: { org1: '' } }))

  it('prefers username to preferred_username', () =>
    expect(readVerifiedClaims({ ...good, username: 'one', preferred_username: 'two' }).username).toBe('one'))

  it('takes an audience that is one text (RFC 7519 section 4.1.3)', () =>
    expect(readVerifiedClaims({ ...good, aud: 'api' }).audience).toEqual(['api']))

  const notText = 'is not a text'
  const notSeconds = 'is not a number of seconds'
  const notAudience = 'is not a text or a list of texts'
  const malformed: readonly (readonly [name: string, values: readonly unknown[], problem: string])[] = [
    ['sub', [undefined], 'is missing'],
    ['sub', ['', 7, null, ['ann'], {}, true], notText],
    ['jti', ['', 7, null, []], notText],
    ['client_id', ['', 7, null, ['web']], notText],
    ['iss', ['', 7, null, ['https://zitadel.example']], notText],
    ['scope', ['', 7, null, ['openid']], notText],
    ['exp', ['1800000000', 'soon', null, true, [1], {}, Number.NaN, Number.NEGATIVE_INFINITY], notSeconds],
    ['exp', [8_640_000_000_001, 1e300, -1e300], notSeconds],
    ['nbf', ['1700000000', null, Number.POSITIVE_INFINITY], notSeconds],
    ['aud', [undefined], 'is missing'],
    ['aud', [null, 7, {}, [], [7], ['api', null], [['api']]], notAudience],
  ]
  for (const [name, values, problem] of malformed) {
    for (const value of values) {
      it(`refuses ${name}: ${typeof value} ${JSON.stringify(value)}`, () =>
        expect(() => readVerifiedClaims({ ...good, [name]: value })).toThrow(
          authorizationError('ERR_TOKEN_INVALID', `the claim "${name}" of the token ${problem}`),
        ))
    }
  }

  it('reads the last second that a Date can hold', () =>
    expect(readVerifiedClaims({ ...good, exp: 8_640_000_000_000 }).expiresAtSeconds).toBe(8_640_000_000_000))

  it('refuses exp: 1e400, which JSON reads as Infinity and which would never expire', () =>
    expect(() => readVerifiedClaims(JSON.parse('{"sub":"ann","aud":["api"],"exp":1e400}'))).toThrow(
      authorizationError('ERR_TOKEN_INVALID', 'the claim "exp" of the token is not a number of seconds'),
    ))

  it('does not tell the value of a claim that does not read', () =>
    expect(() => readVerifiedClaims({ ...good, exp: 'value-of-exp' })).toThrow(
      authorizationError('ERR_TOKEN_INVALID', expect.not.stringContaining('value-of-exp')),
    ))

  for (const name of ['username', 'email', 'urn:zitadel:iam:user:resourceowner:id', 'urn:zitadel:iam:user:metadata']) {
    for (const value of ['', 7, null, ['x'], true]) {
      it(`passes over ${name}: ${JSON.stringify(value)}, which merely describes the user`, () =>
        expect(readVerifiedClaims({ ...good, [name]: value })).toMatchObject({
          username: undefined,
          email: undefined,
          organizationId: undefined,
          metadata: {},
        }))
    }
  }

  for (const value of [undefined, null, 'cHJlbWl1bQ', ['cHJlbWl1bQ'], { plan: 7 }]) {
    it(`reads no metadata out of ${JSON.stringify(value)}`, () =>
      expect(readVerifiedClaims({ ...good, 'urn:zitadel:iam:user:metadata': value }).metadata).toEqual({}))
  }

  it('takes an actor of whom ZITADEL says nothing for an actor all the same', () =>
    expect(readVerifiedClaims({ ...good, act: {} }).actor).toEqual({
      userId: undefined,
      issuer: undefined,
      actor: undefined,
    }))

  const nobody = { userId: undefined, issuer: undefined, actor: undefined }
  for (const act of [null, 'bob', 7, [], true, '', { sub: 7, iss: ['x'] }]) {
    it(`takes act: ${JSON.stringify(act)}, which an Action has written, for an actor nobody knows`, () =>
      expect(readVerifiedClaims({ ...good, act }).actor).toEqual(nobody))
  }

  it('reads a chain of actors up to one that does not read', () =>
    expect(readVerifiedClaims({ ...good, act: { sub: 'bob', act: { act: null } } }).actor).toEqual({
      ...nobody,
      userId: 'bob',
      actor: { ...nobody, actor: nobody },
    }))

  for (const [iat, seconds] of [
    [1_700_000_000, 1_700_000_000],
    ['1700000000', undefined],
    [undefined, undefined],
  ] as const) {
    it(`reads when a token was issued: ${JSON.stringify(iat)}`, () =>
      expect(readVerifiedClaims({ ...good, iat }).issuedAtSeconds).toBe(seconds))
  }

  for (const text of ['premium', 'Grüße 🎉', '>>>???', '']) {
    it(`decodes the metadata ${JSON.stringify(text)}, which comes as base64url without padding`, () =>
      expect(
        readVerifiedClaims({
          ...good,
          'urn:zitadel:iam:user:metadata': { plan: Buffer.from(text).toString('base64url') },
        }).metadata,
      ).toEqual({ plan: text }))
  }

  it('leaves metadata out that is no text', () =>
    expect(
      readVerifiedClaims({ ...good, 'urn:zitadel:iam:user:metadata': { plan: 7, size: null, color: 'cmVk' } }).metadata,
    ).toEqual({ color: 'red' }))

  for (const name of ['__proto__', 'constructor', 'toString']) {
    it(`takes ${name} for a claim, a role and a metadata key like any other`, () => {
      const claims = readVerifiedClaims(
        JSON.parse(
          `{"sub":"ann","aud":["api"],"${name}":{"sub":"bob"},
            "urn:zitadel:iam:org:project:roles":{"${name}":{"org1":""}},
            "urn:zitadel:iam:user:metadata":{"${name}":"cmVk"}}`,
        ),
      )
      expect([claims.userId, claims.actor]).toEqual(['ann', undefined])
      expect(Object.keys(claims.claims)).toContain(name)
      expect(Object.keys(claims.roles)).toEqual([name])
      expect(Object.entries(claims.metadata)).toEqual([[name, 'red']])
    })
  }

  it('reads no claim off a prototype', () =>
    expect(() => readVerifiedClaims(JSON.parse('{"__proto__":{"sub":"ann","aud":["api"]}}'))).toThrow(
      authorizationError('ERR_TOKEN_INVALID', 'the claim "sub" of the token is missing'),
    ))

  it('reads claims that are nested 32 levels deep', () =>
    expect(readVerifiedClaims({ ...good, custom: nest(31) }).claims['custom']).toEqual(nest(31)))

  for (const levels of [32, 10_000]) {
    it(`refuses claims that are nested ${levels + 1} levels deep`, () =>
      expect(() => readVerifiedClaims({ ...good, custom: nest(levels) })).toThrow(
        authorizationError('ERR_TOKEN_INVALID', 'the claims of the token are nested too deep', {
          cause: { name: 'RangeError', code: undefined },
        }),
      ))
  }

  it('refuses a chain of actors that is too deep', () => {
    const act = Array.from({ length: 10_000 }).reduce<object>((inner) => ({ act: inner }), {})
    expect(() => readVerifiedClaims({ ...good, act })).toThrow(
      authorizationError('ERR_TOKEN_INVALID', 'the claims of the token are nested too deep'),
    )
  })

  it('copies the claims: no later change of the answer reaches them', () => {
    const answer = { ...good, custom: { list: ['one'] } }
    const { claims } = readVerifiedClaims(answer)
    answer.custom.list.push('two')
    expect(claims['custom']).toEqual({ list: ['one'] })
  })

  it('gives claims or ERR_TOKEN_INVALID, whatever the answer', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const answer = fc.record(
      { sub: value, aud: value, exp: value, nbf: value, scope: value, act: value, iss: value, custom: value },
      { requiredKeys: [] },
    )
    return fc.assert(
      fc.asyncProperty(answer, fc.boolean(), async (claims, isBased) => {
        const outcome = await outcomeOf(() => readVerifiedClaims(isBased ? { ...good, ...claims } : claims))
        expect(isAuthorizationError(outcome) ? outcome.code : Object.isFrozen(outcome)).toBeOneOf([
          'ERR_TOKEN_INVALID',
          true,
        ])
      }),
      { numRuns: 1_000 },
    )
  })
})
