import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createContext, granting, toToken } from '../../test/contexts.js'
import { authorizationError, typeError } from '../../test/expected-errors.js'
import { readVerifiedClaims } from '../verification/read-claims.js'
import { authorize, authorizeAsync } from './authorize.js'
import { type AuthorizationContext, createAuthorizationContext } from './context.js'
import { type Requirement, readRequirement } from './requirement.js'

const ann = createContext({
  ...granting({ admin: { org1: 'one.example' }, editor: { org2: 'two.example' } }),
  'urn:zitadel:iam:org:project:p2:roles': { auditor: { org3: 'three.example' } },
  scope: 'openid profile',
  client_id: 'web',
})
const impersonated = createContext({ act: { sub: 'bob' } })
const personalAccessToken = createContext()

const met: readonly (readonly [AuthorizationContext, Requirement])[] = [
  [ann, { role: 'admin' }],
  [ann, { role: 'admin', inOrganization: 'org1' }],
  [ann, { role: 'auditor', inProject: 'p2' }],
  [ann, { role: 'auditor', inProject: 'p2', inOrganization: 'org3' }],
  [ann, { anyRole: ['owner', 'editor'] }],
  [ann, { anyRole: ['admin', 'editor'], inOrganization: 'org2' }],
  [ann, { allRoles: ['admin', 'editor'] }],
  [ann, { role: 'admin', anyRole: ['editor'], allRoles: ['admin', 'editor'] }],
  [ann, { scope: 'openid' }],
  [ann, { scope: ['profile', 'openid'] }],
  [ann, { clientId: 'web' }],
  [ann, { clientId: ['app', 'web'] }],
  [ann, { allowImpersonation: false }],
  [ann, { check: () => true }],
  [ann, { check: (context) => context.userId === 'ann' }],
  [impersonated, { check: () => true }],
]

/** What the client reads, and where that is not all: the scopes of the challenge, and what the developer reads. */
type Unmet = readonly [
  AuthorizationContext,
  Requirement,
  string,
  { readonly requiredScopes?: readonly string[]; readonly reason?: string }?,
]

const ownProjectOnly =
  "ZITADEL's answer to an introspection has the roles in the API's own project alone: for others use verification: 'auto' and tokens that are JWTs"
const notTrueGiven = { reason: 'the check of the requirement did not give true' }

const unmet: readonly Unmet[] = [
  [ann, { role: 'owner' }, 'missing required role: `owner`'],
  [ann, { role: 'toString' }, 'missing required role: `toString`'],
  [ann, { role: 'admin', inOrganization: 'org2' }, 'missing required role: `admin`'],
  [ann, { role: 'auditor' }, 'missing required role: `auditor`'],
  [
    ann,
    { role: 'admin', inProject: 'p2' },
    'missing required role: `admin`',
    { reason: `missing required role: \`admin\`: ${ownProjectOnly}` },
  ],
  [
    ann,
    { role: 'auditor', inProject: 'p2', inOrganization: 'org1' },
    'missing required role: `auditor`',
    { reason: `missing required role: \`auditor\`: ${ownProjectOnly}` },
  ],
  [ann, { anyRole: ['owner'] }, 'missing one of the required role: `owner`'],
  [ann, { anyRole: ['owner', 'boss'] }, 'missing one of the required roles: `owner`, `boss`'],
  [ann, { anyRole: ['admin'], inOrganization: 'org2' }, 'missing one of the required role: `admin`'],
  [ann, { allRoles: ['admin', 'owner'] }, 'missing required role: `owner`'],
  [ann, { allRoles: ['owner', 'boss'] }, 'missing required roles: `owner`, `boss`'],
  [ann, { allRoles: ['admin', 'editor'], inOrganization: 'org1' }, 'missing required role: `editor`'],
  [ann, { role: 'owner', allRoles: ['boss'] }, 'missing required roles: `owner`, `boss`'],
  [ann, { role: 'admin', anyRole: ['boss'] }, 'missing one of the required role: `boss`'],
  [ann, { scope: 'email' }, 'missing required scope: `email`', { requiredScopes: ['email'] }],
  [ann, { scope: ['openid', 'email'] }, 'missing required scope: `email`', { requiredScopes: ['openid', 'email'] }],
  [
    ann,
    { scope: ['phone', 'email'] },
    'missing required scopes: `phone`, `email`',
    { requiredScopes: ['phone', 'email'] },
  ],
  [ann, { scope: 'open' }, 'missing required scope: `open`', { requiredScopes: ['open'] }],
  [ann, { clientId: 'app' }, 'client is not allowed'],
  [ann, { clientId: ['app', 'we'] }, 'client is not allowed'],
  [personalAccessToken, { clientId: 'undefined' }, 'client is not allowed'],
  [impersonated, { allowImpersonation: false }, 'impersonation is not allowed'],
  [ann, { check: () => false }, 'requirement not met', notTrueGiven],
  // Several members mean all of them, and the first that is not met is named: roles, scopes, client, actor, check.
  [impersonated, { role: 'owner', scope: 'email', clientId: 'app' }, 'missing required role: `owner`'],
  [
    impersonated,
    { scope: 'email', clientId: 'app', allowImpersonation: false },
    'missing required scope: `email`',
    { requiredScopes: ['email'] },
  ],
  [impersonated, { clientId: 'app', allowImpersonation: false, check: () => false }, 'client is not allowed'],
  [impersonated, { allowImpersonation: false, check: () => false }, 'impersonation is not allowed'],
  [ann, { role: 'admin', check: () => false }, 'requirement not met', notTrueGiven],
]

/** The error for an unmet requirement: its fixed words for the client, and its reason for the developer. */
const denied = (unmetRequirement: string, { requiredScopes = [], reason = unmetRequirement }: Unmet[3] = {}) =>
  authorizationError('ERR_PERMISSION_DENIED', reason, {
    ...{ message: `permission denied: ${unmetRequirement}`, status: 403, unmetRequirement, requiredScopes },
  })

const notTrue: readonly unknown[] = [undefined, null, 1, 'true', 'yes', {}, [], () => true, new Boolean(true)]

/** For test names: JSON would leave functions out. */
const show = (requirement: Requirement) => inspect(requirement, { breakLength: Number.POSITIVE_INFINITY })

describe('authorize', () => {
  it('judges what only looks like a context as well, as other copies of this package make it', () => {
    const other = {
      isGrantedRole: () => false,
      claims: {},
      roles: {},
      verifiedBy: 'jwt',
    } as unknown as AuthorizationContext

    expect(() => authorize(other, { role: 'admin' })).toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'missing required role: `admin`'),
    )
  })

  for (const [context, requirement] of met) {
    it(`lets ${show(requirement)} pass`, () => expect(authorize(context, requirement)).toBeUndefined())
  }

  for (const [context, requirement, message, more] of unmet) {
    it(`refuses ${show(requirement)} with: ${message}`, () =>
      expect(() => authorize(context, requirement)).toThrow(denied(message, more)))
  }

  for (const verdict of notTrue) {
    it(`refuses a check that gives ${typeof verdict} ${JSON.stringify(verdict)} instead of true`, () =>
      expect(() => authorize(ann, { check: () => verdict as never })).toThrow(
        denied('requirement not met', notTrueGiven),
      ))
  }

  // biome-ignore lint/suspicious/noThenProperty: a member of that name alone does not make a promise
  for (const verdict of [{ then: true }, { then: null }]) {
    it(`takes ${JSON.stringify(verdict)} for an answer that is not true`, () =>
      expect(() => authorize(ann, { check: () => verdict as never })).toThrow(
        denied('requirement not met', notTrueGiven),
      ))
  }

  it('does not run the check when another member is not met', () => {
    const check = vi.fn(() => true)
    expect(() => authorize(ann, { role: 'owner', check })).toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'missing required role: `owner`'),
    )
    expect(check).not.toHaveBeenCalled()
  })

  it('gives the check the context', () => {
    const check = vi.fn(() => true)
    authorize(ann, { check })
    expect(check.mock.calls).toEqual([[ann]])
  })

  for (const thrown of [undefined, null, 0, '', false, 'route']) {
    it(`throws an error where a check throws ${JSON.stringify(thrown)}, which a framework may take for none`, () =>
      expect(() =>
        authorize(ann, {
          check: () => {
            throw thrown
          },
        }),
      ).toThrow('the check of a requirement failed with something that is not an error'))
  }

  it('lets the error of a check through as it is', () => {
    const failure = new RangeError('the database is gone')
    expect(() =>
      authorize(ann, {
        check: () => {
          throw failure
        },
      }),
    ).toThrow(failure)
  })

  for (const [what, requirement, message] of [
    ['is empty', {}, 'the requirement is empty: give true to let every good token pass'],
    [
      'has a member that says nothing',
      { role: 'admin', inOrganization: undefined },
      '"inOrganization" of a requirement is a text that is not empty',
    ],
    [
      'is not there',
      undefined,
      'a requirement is true, which every good token meets, or an object, and this one is undefined',
    ],
  ] as const) {
    it(`takes a requirement that ${what} for a mistake`, () =>
      expect(() => authorize(ann, requirement as never)).toThrow(typeError(message)))
  }

  const synchronous = 'authorize() takes a synchronous check: use auth.authorize(context, requirement) for this one'
  for (const [what, check] of [
    ['an asynchronous check', async () => true],
    ['an asynchronous check that says no', async () => false],
    // biome-ignore lint/suspicious/noThenProperty: any promise-like value counts
    ['a check that gives a thenable', () => ({ then: () => undefined }) as never],
  ] as const) {
    it(`takes ${what} for a mistake`, () => expect(() => authorize(ann, { check })).toThrow(typeError(synchronous)))
  }

  it('leaves no unhandled rejection behind when an asynchronous check fails', async () => {
    const onUnhandled = vi.fn()
    process.on('unhandledRejection', onUnhandled)
    onTestFinished(() => void process.off('unhandledRejection', onUnhandled))
    const check = () => Promise.reject(new Error('the database is gone'))
    expect(() => authorize(ann, { check })).toThrow(typeError(synchronous))
    await nextTurn()
    expect(onUnhandled).not.toHaveBeenCalled()
  })
})

describe('a requirement for a scope, and a context of a JWT', () => {
  const roles = { 'urn:zitadel:iam:org:project:own:roles': { admin: { org1: 'one.example' } } }
  const claims = readVerifiedClaims(
    // An Action of the user's organization can write a scope: it is not one.
    { sub: 'ann', aud: ['own'], scope: 'openid orders:write', client_id: 'web', ...roles },
    { verifiedBy: 'jwt', projectId: 'own' },
  )
  const context = createAuthorizationContext(claims, toToken('token-of-ann'), { issuer: 'https://zitadel.example' })
  const unknown = authorizationError(
    'ERR_CONFIGURATION',
    "a requirement asks for a scope, and a JWT of ZITADEL has none: use verification: 'auto' and" +
      ' authenticate(header, requirement)',
    { status: 500, requiredScopes: [] },
  )

  for (const requirement of [
    { scope: 'openid' },
    { scope: ['orders:write'] },
    { scope: 'email' },
    { scope: 'openid', role: 'admin' },
    { scope: 'openid', clientId: 'app' },
    { scope: 'openid', check: () => true },
  ]) {
    it(`is a mistake in the configuration, never a requirement that is met: ${show(requirement)}`, async () => {
      expect(() => authorize(context, requirement)).toThrow(unknown)
      await expect(authorizeAsync(context, readRequirement(requirement))).rejects.toThrow(unknown)
    })
  }

  it('says first that a role is missing', () =>
    expect(() => authorize(context, { scope: 'openid', role: 'owner' })).toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'missing required role: `owner`'),
    ))

  it('meets what a JWT can answer', () => {
    for (const requirement of [{ role: 'admin' }, { clientId: 'web' }, { allowImpersonation: false }] as const) {
      expect(() => authorize(context, requirement)).not.toThrow()
    }
  })
})

describe('authorizeAsync', () => {
  for (const [context, requirement] of met) {
    it(`lets ${show(requirement)} pass`, async () =>
      expect(await authorizeAsync(context, readRequirement(requirement))).toBeUndefined())
  }

  for (const [context, requirement, message, more] of unmet) {
    it(`refuses ${show(requirement)} with: ${message}`, () =>
      expect(authorizeAsync(context, readRequirement(requirement))).rejects.toThrow(denied(message, more)))
  }

  it('lets pass what an asynchronous check lets pass', async () =>
    expect(await authorizeAsync(ann, { check: async () => true })).toBeUndefined())

  for (const verdict of [false, ...notTrue]) {
    it(`refuses an asynchronous check that gives ${typeof verdict} ${JSON.stringify(verdict)}`, () =>
      expect(authorizeAsync(ann, { check: async () => verdict as never })).rejects.toThrow(
        denied('requirement not met', notTrueGiven),
      ))
  }

  it('lets the error of an asynchronous check through as it is', () => {
    const failure = new RangeError('the database is gone')
    return expect(authorizeAsync(ann, { check: () => Promise.reject(failure) })).rejects.toBe(failure)
  })
})
