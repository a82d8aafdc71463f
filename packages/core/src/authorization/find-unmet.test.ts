import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { createContext, granting, toToken } from '../../test/contexts.js'
import { authorizationError } from '../../test/expected-errors.js'
import { systemClock } from '../internal/clock.js'
import { readVerifiedClaims } from '../verification/read-claims.js'
import { type AuthorizationContext, createAuthorizationContext } from './context.js'
import { findUnmet } from './find-unmet.js'
import { type Requirement, readRequirement } from './requirement.js'

const groups = {
  'urn:zitadel:iam:user:groups': [
    { id: 'group1', name: 'Staff' },
    { id: 'group2', name: 'Board' },
  ],
}
const organization = { 'urn:zitadel:iam:user:resourceowner:id': 'org1' }
const ann = createContext({
  ...{ ...groups, ...organization, ...granting({ admin: { org1: 'one.example' } }) },
  ...{ scope: 'openid', client_id: 'web', act: { sub: 'bob' } },
})
const unknown = createContext({ scope: 'openid' })
const roles = { 'urn:zitadel:iam:org:project:p1:roles': { admin: { org1: '' } } }
const jwt = createAuthorizationContext(
  readVerifiedClaims({ sub: 'ann', aud: ['p1'], ...roles }, { verifiedBy: 'jwt', projectId: 'p1' }),
  toToken('token-of-ann'),
  { issuer: 'https://zitadel.example' },
)

const met: readonly (readonly [AuthorizationContext, Requirement])[] = [
  [ann, { organizationId: 'org1' }],
  [ann, { group: 'group1' }],
  [ann, { group: 'group2' }],
  [ann, { anyGroup: ['group3', 'group2'] }],
  [ann, { group: 'group1', anyGroup: ['group2', 'group3'] }],
  [ann, { organizationId: 'org1', group: 'group1', role: 'admin', scope: 'openid', clientId: 'web' }],
  [jwt, { role: 'admin', inProject: 'p1' }],
]

const organizationUnknown =
  'ZITADEL does not say which one the user belongs to, so the client must request the scope' +
  ' urn:zitadel:iam:user:resourceowner'
const groupsUnknown =
  'ZITADEL names no group of the user, who is in none, or whose client did not request the scope' +
  ' urn:zitadel:iam:user:groups'
const ownProjectOnly =
  "ZITADEL's answer to an introspection has the roles in the API's own project alone: for others use verification: 'auto' and tokens that are JWTs"

/** What the client reads, and the hint that only the developer reads. */
const unmet: readonly (readonly [AuthorizationContext, Requirement, string, string?])[] = [
  [ann, { organizationId: 'org2' }, 'organization is not allowed'],
  [ann, { organizationId: 'one.example' }, 'organization is not allowed'],
  [unknown, { organizationId: 'org1' }, 'organization is not allowed', organizationUnknown],
  [unknown, { organizationId: 'undefined' }, 'organization is not allowed', organizationUnknown],
  [ann, { group: 'group3' }, 'missing required group'],
  [ann, { group: 'Staff' }, 'missing required group'],
  [ann, { anyGroup: ['group3', 'group4'] }, 'missing required group'],
  [ann, { group: 'group3', anyGroup: ['group1'] }, 'missing required group'],
  [ann, { group: 'group1', anyGroup: ['group3'] }, 'missing required group'],
  [unknown, { group: 'group1' }, 'missing required group', groupsUnknown],
  [unknown, { anyGroup: ['group1'] }, 'missing required group', groupsUnknown],
  [ann, { role: 'owner', inProject: 'p2' }, 'missing required role: `owner`', ownProjectOnly],
  [ann, { anyRole: ['owner'], inProject: 'p2' }, 'missing one of the required role: `owner`', ownProjectOnly],
  [jwt, { role: 'owner', inProject: 'p2' }, 'missing required role: `owner`'],
  [jwt, { anyRole: ['owner'], inProject: 'p2' }, 'missing one of the required role: `owner`'],
  [ann, { role: 'owner' }, 'missing required role: `owner`'],
]

/** One that is never met for each part, in the order in which they are looked at. */
const parts: readonly (readonly [Requirement, string])[] = [
  [{ role: 'owner' }, 'missing required role: `owner`'],
  [{ organizationId: 'org2' }, 'organization is not allowed'],
  [{ group: 'group3' }, 'missing required group'],
  [{ scope: 'email' }, 'missing required scope: `email`'],
  [{ clientId: 'app' }, 'client is not allowed'],
  [{ allowImpersonation: false }, 'impersonation is not allowed'],
  [{ amr: 'mfa' }, 'log in again, with method: `mfa`'],
]

const show = (requirement: Requirement) => inspect(requirement, { breakLength: Number.POSITIVE_INFINITY })

describe('findUnmet', () => {
  for (const [context, requirement] of met) {
    it(`finds nothing in ${show(requirement)}, which is met`, () =>
      expect(findUnmet(context, readRequirement(requirement))).toBeUndefined())
  }

  for (const [context, requirement, words, hint] of unmet) {
    const reason = hint === undefined ? words : `${words}: ${hint}`
    it(`tells the client of ${show(requirement)} no more than "${words}", and the developer: ${reason}`, () =>
      expect(findUnmet(context, readRequirement(requirement))).toEqual(
        authorizationError('ERR_PERMISSION_DENIED', reason, {
          ...{ message: `permission denied: ${words}`, unmetRequirement: words, requiredScopes: [] },
        }),
      ))
  }

  for (const [index, [requirement, words]] of parts.entries()) {
    it(`names ${show(requirement)} before every part that comes after it`, () => {
      const later = parts.slice(index).map(([part]) => part)
      const all = readRequirement(Object.assign({}, ...later))
      expect(findUnmet(ann, all)).toMatchObject({ unmetRequirement: words })
      expect(findUnmet(ann, readRequirement(requirement))).toMatchObject({ unmetRequirement: words })
    })
  }

  it('looks at no check', () => {
    const check = vi.fn(() => false)
    expect(findUnmet(ann, readRequirement({ role: 'admin', check }))).toBeUndefined()
    expect(check).not.toHaveBeenCalled()
  })

  it('makes another error each time', () => {
    const requirement = readRequirement({ role: 'owner' })
    expect(findUnmet(ann, requirement)).not.toBe(findUnmet(ann, requirement))
  })

  describe('asks when and how the user has authenticated', () => {
    const nowSeconds = 1_700_000_000
    const clock = { ...systemClock, now: () => nowSeconds * 1_000 }
    const source = { issuer: 'https://zitadel.example', clock }
    const loggedIn = (claims: object) =>
      createAuthorizationContext(readVerifiedClaims({ sub: 'ann', aud: ['api'], ...claims }), toToken('token'), source)
    const find = (claims: object, requirement: Requirement) => findUnmet(loggedIn(claims), readRequirement(requirement))
    const logInAgain =
      "the client must start a new login, with prompt=login: ZITADEL's own login page looks at no acr_values"
    const unknownTime = `ZITADEL does not say when the user has authenticated, and ${logInAgain}`
    const tooOld = 'log in again, the last login must not be older than 300 seconds'

    it.each([0, 1, 299, 300, -1, -5])('is met by a login of %d seconds ago', (ago) =>
      expect(find({ auth_time: nowSeconds - ago }, { maxAgeSeconds: 300 })).toBeUndefined(),
    )

    it.each([301, 86_400, -6, -86_400])('is not met by a login of %d seconds ago', (ago) =>
      expect(find({ auth_time: nowSeconds - ago }, { maxAgeSeconds: 300 })).toEqual(
        authorizationError('ERR_AUTHENTICATION_INSUFFICIENT', `${tooOld}: ${logInAgain}`, {
          ...{ message: `unauthorized: ${tooOld}`, status: 401, maxAgeSeconds: 300 },
        }),
      ),
    )

    it.each([undefined, null, String(nowSeconds), [nowSeconds], true, Number.POSITIVE_INFINITY, {}])(
      'is not met by a login at %j, which is no time',
      (time) =>
        expect(find({ auth_time: time }, { maxAgeSeconds: 300 })).toEqual(
          authorizationError('ERR_AUTHENTICATION_INSUFFICIENT', `${tooOld}: ${unknownTime}`),
        ),
    )

    it.each([['mfa'], ['user', 'mfa']])('is met by the methods that are asked for: %s, %s', (...amr) =>
      expect(find({ auth_time: nowSeconds, amr: ['user', 'mfa', 'otp'] }, { amr })).toBeUndefined(),
    )

    it.each([undefined, null, 'mfa', [], ['pwd'], { 0: 'mfa', length: 1 }, [['mfa']]])(
      'is not met by %j where mfa is asked for, and names no age',
      (amr) =>
        expect(find({ auth_time: nowSeconds, amr }, { amr: ['pwd', 'mfa'] })).toMatchObject({
          code: 'ERR_AUTHENTICATION_INSUFFICIENT',
          unmetRequirement: expect.stringMatching(/^log in again, with method/),
          headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' },
        }),
    )

    it('names the age where one is asked for beside the methods', () =>
      expect(find({ auth_time: nowSeconds }, { maxAgeSeconds: 300, amr: 'mfa' })).toMatchObject({
        unmetRequirement: 'log in again, with method: `mfa`',
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="300"' },
      }))

    it('asks by the clock of this machine where a context has none', () => {
      const context = createContext({ auth_time: Date.now() / 1_000 - 100 })
      expect(findUnmet(context, readRequirement({ maxAgeSeconds: 300 }))).toBeUndefined()
      expect(findUnmet(context, readRequirement({ maxAgeSeconds: 10 }))).toBeDefined()
    })

    it.each([{ maxAgeSeconds: 300 }, { amr: 'mfa' }])(
      'takes %j of a JWT for a mistake, whatever it claims',
      (asked) => {
        const forged = { sub: 'ann', aud: ['p1'], auth_time: nowSeconds, amr: ['mfa'] }
        const claims = readVerifiedClaims(forged, { verifiedBy: 'jwt', projectId: 'p1' })
        const context = createAuthorizationContext(claims, toToken('token'), source)
        expect(findUnmet(context, readRequirement(asked))).toEqual(
          authorizationError(
            'ERR_CONFIGURATION',
            "a requirement asks when or how the user has authenticated, and a JWT of ZITADEL does not say: use verification: 'auto' and authenticate(header, requirement)",
          ),
        )
      },
    )
  })
})
