import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/any-text.js'
import { createClaims, createContext, granting, toToken } from '../../test/contexts.js'
import { typeError } from '../../test/expected-errors.js'
import { createAuthorizationContext } from './context.js'
import { isAuthorizationContext } from './is-context.js'

const strangeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '']

describe('createAuthorizationContext', () => {
  it('gives what ZITADEL says, under the names of this library', () =>
    expect(
      createContext({
        'urn:zitadel:iam:user:resourceowner:id': 'org1',
        'urn:zitadel:iam:user:metadata': { plan: 'cHJlbWl1bQ' },
        'urn:zitadel:iam:user:groups': [{ id: 'group1', name: 'Staff' }],
        username: 'ann@one.example',
        email: 'ann@one.example',
        client_id: 'web',
        scope: 'openid profile',
        exp: 1_800_000_000,
        act: { sub: 'bob', iss: 'https://zitadel.example' },
      }),
    ).toMatchObject({
      userId: 'ann',
      organizationId: 'org1',
      username: 'ann@one.example',
      email: 'ann@one.example',
      clientId: 'web',
      scopes: ['openid', 'profile'],
      audience: ['api'],
      expiresAt: new Date(1_800_000_000_000),
      actor: { userId: 'bob', issuer: 'https://zitadel.example', actor: undefined },
      metadata: { plan: 'premium' },
      groups: [{ id: 'group1', name: 'Staff' }],
      claims: { sub: 'ann', active: true },
    }))

  it('leaves undefined what ZITADEL does not say', () =>
    expect(createContext()).toMatchObject({
      organizationId: undefined,
      username: undefined,
      email: undefined,
      clientId: undefined,
      expiresAt: undefined,
      actor: undefined,
      scopes: [],
      metadata: {},
      groups: [],
      roles: {},
    }))

  for (const [what, claims, named] of [
    ['that the answer names', { iss: 'https://named.example' }, 'https://named.example'],
    ['that is configured, where the answer names none', {}, 'https://zitadel.example'],
  ] as const) {
    it(`gives the issuer ${what}`, () => expect(createContext(claims).issuer).toBe(named))
  }

  it('lets nobody replace what judges it', () => {
    const maker = createContext().constructor
    expect(() => Object.assign(maker.prototype, { isGrantedRole: () => true })).toThrow(TypeError)
    expect(() => Object.defineProperty(maker, 'isOf', { value: () => true })).toThrow(TypeError)
  })

  it('is frozen, down to the claims', () => {
    const groups = { 'urn:zitadel:iam:user:groups': [{ id: 'group1', name: 'Staff' }] }
    const context = createContext({ scope: 'openid', act: { sub: 'bob' }, custom: { list: [{}] }, ...groups })
    const { scopes, audience, actor, metadata, roles, claims } = context
    const [group] = context.groups
    const custom = claims['custom'] as { readonly list: readonly object[] }
    const members = [
      context,
      context.groups,
      group,
      scopes,
      audience,
      actor,
      metadata,
      roles,
      claims,
      custom,
      custom.list,
      custom.list[0],
    ]
    expect(members.map(Object.isFrozen)).toEqual(members.map(() => true))
  })

  it('throws when somebody changes it', () => {
    const context: { userId: string } = createContext()
    expect(() => {
      context.userId = 'bob'
    }).toThrow(typeError(expect.stringMatching(/read ?only property/)))
  })

  it('gives the token, to call another API', () => expect(createContext().token).toBe('token-of-ann'))

  it('shows in a log who it is, and until when', () => {
    const context = createContext({ exp: 1_800_000_000 })
    expect(inspect(context)).toMatch(/userId: 'ann'.*expiresAt: 2027-01-15T08:00:00.000Z/s)
    expect(JSON.parse(JSON.stringify(context))).toMatchObject({ userId: 'ann', expiresAt: '2027-01-15T08:00:00.000Z' })
  })

  it('shows the token in no log: not in JSON, a spread, an entry, a key or util.inspect', () => {
    const context = createContext()
    const shown = [
      JSON.stringify(context),
      JSON.stringify({ ...context }),
      JSON.stringify(Object.assign({}, context)),
      JSON.stringify(Object.entries(context)),
      JSON.stringify(Reflect.ownKeys(context)),
      String(context),
      inspect(context),
      inspect(context, { showHidden: true, depth: null }),
      inspect(context, { showHidden: true, getters: true, depth: null }),
      inspect({ context }, { showHidden: true, depth: null, showProxy: true }),
    ]
    expect(shown.join('\n')).not.toContain('token-of-ann')
  })

  it('does not share its Date with another request, since a Date can be changed', () => {
    const claims = createClaims({ exp: 1_800_000_000 })
    const first = createAuthorizationContext(claims, toToken('token-of-ann'), { issuer: 'https://zitadel.example' })
    const second = createAuthorizationContext(claims, toToken('token-of-ann'), { issuer: 'https://zitadel.example' })
    first.expiresAt?.setTime(0)
    expect(second.expiresAt).toEqual(new Date(1_800_000_000_000))
  })
})

describe('isGrantedRole', () => {
  const context = createContext({
    ...granting({ admin: { org1: 'one.example', org2: 'two.example' }, editor: { org1: 'one.example' }, idle: {} }),
    'urn:zitadel:iam:org:project:p2:roles': { auditor: { org3: 'three.example' } },
  })

  for (const [role, options, expected] of [
    ['admin', undefined, true],
    ['admin', {}, true],
    ['editor', undefined, true],
    ['Admin', undefined, false],
    ['admin ', undefined, false],
    ['idle', undefined, false],
    ['missing', undefined, false],
    ['admin', { organizationId: 'org2' }, true],
    ['editor', { organizationId: 'org2' }, false],
    ['admin', { organizationId: 'one.example' }, false],
    ['admin', { organizationId: '__proto__' }, false],
    ['admin', { organizationId: 'toString' }, false],
    ['auditor', undefined, false],
    ['auditor', { projectId: 'p2' }, true],
    ['auditor', { projectId: 'p2', organizationId: 'org3' }, true],
    ['auditor', { projectId: 'p2', organizationId: 'org1' }, false],
    ['admin', { projectId: 'p2' }, false],
    ['admin', { projectId: 'p3' }, false],
    ['constructor', { projectId: 'constructor' }, false],
  ] as const) {
    it(`says ${expected} for ${JSON.stringify(role)} with ${JSON.stringify(options)}`, () =>
      expect(context.isGrantedRole(role, options)).toBe(expected))
  }

  for (const role of strangeNames) {
    it(`says false for ${JSON.stringify(role)} when nobody grants it, and true when somebody does`, () => {
      const claims = JSON.parse(
        `{"urn:zitadel:iam:org:project:roles":{${JSON.stringify(role)}:{"org1":"one.example"}}}`,
      )
      expect(createContext(granting({})).isGrantedRole(role)).toBe(false)
      expect(createContext(claims).isGrantedRole(role)).toBe(true)
      expect(createContext(claims).organizationsWithRole(role)).toEqual(['org1'])
    })
  }

  for (const [options, message] of [
    [{ organizationId: undefined }, '"organizationId" of a role check is a text that is not empty'],
    [{ organizationId: '' }, '"organizationId" of a role check is a text that is not empty'],
    [{ organizationId: null }, '"organizationId" of a role check is a text that is not empty'],
    [{ organizationId: ['org1'] }, '"organizationId" of a role check is a text that is not empty'],
    [{ projectId: undefined }, '"projectId" of a role check is a text that is not empty'],
    [{ projectId: 7 }, '"projectId" of a role check is a text that is not empty'],
    [{ organisationId: 'org1' }, 'a role check has no "organisationId": known are organizationId, projectId'],
  ] as const) {
    it(`takes ${Object.entries(options).join()} for a mistake, which must not mean any organization`, () =>
      expect(() => context.isGrantedRole('admin', options as never)).toThrow(typeError(message)))
  }

  for (const options of ['org1', 5, true, null, [], ['org1'], new Map([['organizationId', 'org2']]), new Date(0)]) {
    it(`takes ${String(options) || '[]'} in the place of options for a mistake`, () =>
      expect(() => context.isGrantedRole('admin', options as never)).toThrow(
        typeError('a role check takes { organizationId, projectId }'),
      ))
  }

  it('agrees with a Map, whatever the names', () => {
    const name = fc.oneof(fc.constantFrom(...strangeNames), anyText())
    const grants = fc.array(fc.tuple(name, name))
    fc.assert(
      fc.property(grants, name, name, (granted, role, organization) => {
        const model = new Map<string, Set<string>>()
        for (const [roleName, id] of granted) model.set(roleName, new Set([...(model.get(roleName) ?? []), id]))
        const roles = [...model].map(([roleName, ids]) => {
          const domains = [...ids].map((id) => `${JSON.stringify(id)}:"domain"`)
          return `${JSON.stringify(roleName)}:{${domains.join()}}`
        })
        const ctx = createContext(granting(JSON.parse(`{${roles.join()}}`)))
        expect(ctx.isGrantedRole(role)).toBe(model.has(role))
        expect(new Set(ctx.organizationsWithRole(role))).toEqual(model.get(role) ?? new Set())
        expect(organization === '' || ctx.isGrantedRole(role, { organizationId: organization })).toBe(
          organization === '' || model.get(role)?.has(organization) === true,
        )
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('organizationsWithRole', () => {
  it('names the organizations that grant the role', () =>
    expect(
      createContext(granting({ admin: { org1: '', org2: '' }, editor: { org3: '' } })).organizationsWithRole('admin'),
    ).toEqual(['org1', 'org2']))

  it('gives an empty list for a role that nobody grants', () =>
    expect(createContext(granting({ admin: { org1: '' } })).organizationsWithRole('toString')).toEqual([]))
})

describe('isAuthorizationContext', () => {
  it('knows a context', () => expect(isAuthorizationContext(createContext())).toBe(true))

  it('goes by a symbol that every version of this package has', () =>
    expect(isAuthorizationContext({ [Symbol.for('@org/zitadel-auth/AuthorizationContext')]: true })).toBe(true))

  it('knows a context of another copy, as an application has one that imports and requires this package', async () => {
    const path = './context.js?another-copy'
    const another = (await import(/* @vite-ignore */ path)) as typeof import('./context.js')
    expect(another.createAuthorizationContext).not.toBe(createAuthorizationContext)
    const context = another.createAuthorizationContext(createClaims(), toToken('token-of-ann'), {
      issuer: 'https://a.example',
    })
    expect(isAuthorizationContext(context)).toBe(true)
  })

  for (const [what, value] of [
    ['undefined', undefined],
    ['null', null],
    ['a text', 'ann'],
    ['a function', createAuthorizationContext],
    ['the user of another middleware', { userId: 'ann', isGrantedRole: () => true }],
    ['a spread of a context', { ...createContext() }],
    ['the JSON of a context', JSON.parse(JSON.stringify(createContext()))],
    ['an object whose mark is not true', { [Symbol.for('@org/zitadel-auth/AuthorizationContext')]: 'yes' }],
  ] as const) {
    it(`does not take ${what} for one`, () => expect(isAuthorizationContext(value)).toBe(false))
  }
})
