import { describe, expect, it, vi } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { authorizationError } from '../../test/expected-errors.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createIntrospectionVerifier } from './introspection.js'

const ann = toToken('token-of-ann')
const good = { active: true, sub: 'ann', aud: ['api'] }

describe('createIntrospectionVerifier', () => {
  it('asks for the token and reads the answer', async () => {
    const introspect = vi.fn(async () => good)
    expect(await createIntrospectionVerifier(introspect, {})(ann)).toMatchObject({ userId: 'ann', audience: ['api'] })
    expect(introspect.mock.calls).toEqual([[ann]])
  })

  it('pins the roles to the project', async () => {
    const answer = { ...good, 'urn:zitadel:iam:org:project:p1:roles': { admin: { org1: '' } } }
    const verify = createIntrospectionVerifier(async () => answer, { projectId: 'p1' })
    expect((await verify(ann)).roles).toEqual({ admin: { org1: '' } })
  })

  for (const active of [false, undefined, null, 'true', 1, {}, [true]]) {
    it(`refuses active: ${JSON.stringify(active)} (RFC 7662 section 2.2), whatever else the answer says`, () =>
      expect(createIntrospectionVerifier(async () => ({ ...good, active }), {})(ann)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.stringMatching(/^ZITADEL says that the token is not active: /)),
      ))
  }

  it('refuses claims that do not read', () =>
    expect(createIntrospectionVerifier(async () => ({ active: true, aud: ['api'] }), {})(ann)).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', 'the claim "sub" of the token is missing'),
    ))

  it('lets the failure of a question through', () => {
    const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')
    return expect(createIntrospectionVerifier(() => Promise.reject(failure), {})(ann)).rejects.toBe(failure)
  })
})
