import { describe, expect, it, vi } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createAsking } from './asking.js'
import { createIntrospectionVerifier } from './introspection.js'

const ann = toToken('token-of-ann')
const asking = createAsking('key', 'new', false)
const believing = { requireBelievable: async () => {} }
const good = { active: true, sub: 'ann', aud: ['api'] }

describe('createIntrospectionVerifier', () => {
  it('asks for the token and reads the answer', async () => {
    const introspect = vi.fn(async () => good)
    expect(await createIntrospectionVerifier(introspect, believing)(ann, asking)).toMatchObject({
      userId: 'ann',
      audience: ['api'],
    })
    expect(introspect.mock.calls).toEqual([[ann, asking]])
  })

  it('pins the roles to the project', async () => {
    const answer = { ...good, 'urn:zitadel:iam:org:project:p1:roles': { admin: { org1: '' } } }
    const verify = createIntrospectionVerifier(async () => answer, { ...believing, projectId: 'p1' })
    expect((await verify(ann, asking)).roles).toEqual({ admin: { org1: '' } })
  })

  for (const active of [false, undefined, null, 'true', 1, {}, [true]]) {
    it(`refuses active: ${JSON.stringify(active)} (RFC 7662 section 2.2), whatever else the answer says`, () =>
      expect(createIntrospectionVerifier(async () => ({ ...good, active }), believing)(ann, asking)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.stringMatching(/^ZITADEL says that the token is not active: /)),
      ))
  }

  for (const [explained, words] of [
    ['it is an ID token', 'it is an ID token'],
    [
      undefined,
      "it is expired, revoked or unknown, or was requested without the scope urn:zitadel:iam:org:project:id:{id of this API's project}:aud",
    ],
  ] as const) {
    it(`says why a token may be inactive that shows ${explained}: ${words}`, async () => {
      const explain = vi.fn(() => explained)
      const verify = createIntrospectionVerifier(async () => ({ active: false }), { ...believing, explain })
      await expect(verify(ann, asking)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', `ZITADEL says that the token is not active: ${words}`),
      )
      expect(explain.mock.calls).toEqual([[ann]])
    })
  }

  it('refuses claims that do not read', () =>
    expect(
      createIntrospectionVerifier(async () => ({ active: true, aud: ['api'] }), believing)(ann, asking),
    ).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', 'the claim "sub" of the token is missing')))

  it('lets the failure of a question through', () => {
    const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')
    return expect(createIntrospectionVerifier(() => Promise.reject(failure), believing)(ann, asking)).rejects.toBe(
      failure,
    )
  })

  for (const [active, wasGood] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    it(`asks whether active: ${active} may be believed of a token that was ${wasGood ? 'good' : 'new'}`, async () => {
      const requireBelievable = vi.fn(async () => {})
      const verify = createIntrospectionVerifier(async () => ({ ...good, active }), { requireBelievable })
      await outcomeOf(() => verify(ann, createAsking('key', 'known', wasGood)))
      expect(requireBelievable.mock.calls).toEqual([[active, wasGood]])
    })
  }

  it('refuses nobody on an answer that is not to be believed', async () => {
    const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'not believed')
    const requireBelievable = () => Promise.reject(failure)
    const verify = createIntrospectionVerifier(async () => ({ active: false }), { requireBelievable })
    await expect(verify(ann, asking)).rejects.toBe(failure)
  })
})
