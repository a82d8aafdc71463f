import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { createContext, granting, toToken } from '../../test/contexts.js'
import { authorizationError } from '../../test/expected-errors.js'
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
})
