import { status } from '@grpc/grpc-js'
import type { Requirement } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthorizationInterceptor, getOptionalAuthorization, type RequirementRequest } from '../src/index.js'
import { kinds, kindsService } from './kinds.js'
import { createWorld, type World } from './world.js'

let world: World
let organizationId: string
let tokens: Readonly<Record<'member' | 'admin' | 'delegated' | 'client', string>>

beforeAll(async () => {
  world = await createWorld()
  const { zitadel, project } = world
  organizationId = zitadel.createOrganization({ name: 'customer' }).id
  const admin = zitadel.createServiceUser({ userName: 'ann' })
  zitadel.grantRole(admin, { project, roles: ['admin', 'editor'], organizationId })
  const session = { audience: [project.id], scopes: ['openid', 'orders:read'] }
  tokens = {
    member: world.token,
    admin: zitadel.createPersonalAccessToken(admin),
    delegated: zitadel.issueAccessToken(admin, { ...session, actor: world.user }),
    client: zitadel.issueAccessToken(admin, session),
  }
})
afterAll(() => world.close())

interface Case {
  readonly requirement: (world: World) => Requirement
  readonly passes: keyof typeof tokens
  readonly fails: keyof typeof tokens
  readonly reason: string
}

const cases: Readonly<Record<string, Case>> = {
  role: {
    requirement: () => ({ role: 'admin' }),
    passes: 'admin',
    fails: 'member',
    reason: 'missing required role: `admin`',
  },
  anyRole: {
    requirement: () => ({ anyRole: ['owner', 'editor'] }),
    passes: 'admin',
    fails: 'member',
    reason: 'missing one of the required roles: `owner`, `editor`',
  },
  'role in the granting organization': {
    requirement: () => ({ role: 'admin', inOrganization: organizationId }),
    passes: 'admin',
    fails: 'member',
    reason: 'missing required role: `admin`',
  },
  scope: {
    requirement: () => ({ scope: 'orders:read' }),
    passes: 'client',
    fails: 'admin',
    reason: 'missing required scope: `orders:read`',
  },
  impersonation: {
    requirement: () => ({ allowImpersonation: false }),
    passes: 'client',
    fails: 'delegated',
    reason: 'impersonation is not allowed',
  },
  'asynchronous check': {
    requirement: () => ({ check: async (context) => context.isGrantedRole('editor') }),
    passes: 'admin',
    fails: 'member',
    reason: 'requirement not met',
  },
}

describe.each(kinds)('a %s method', (kind) => {
  for (const [name, { requirement, passes, fails, reason }] of Object.entries(cases)) {
    it(`lets pass and refuses by ${name}`, async () => {
      const server = await world.start({ requirement: requirement(world) })
      expect(await server.ask(kind, { authorization: `Bearer ${tokens[passes]}` })).toMatchObject({ code: status.OK })
      expect(await server.ask(kind, { authorization: `Bearer ${tokens[fails]}` })).toMatchObject({
        code: status.PERMISSION_DENIED,
        details: `permission denied: ${reason}`,
      })
    })
  }

  it('may ask for what a function of the call gives, also where authorization is optional', async () => {
    const requirement = ({ metadata }: RequirementRequest) => ({
      ...{ role: 'admin', inOrganization: String(metadata.get('organization')) },
    })
    for (const declared of [requirement, { optional: requirement }]) {
      const server = await world.start({ requirement: declared })
      const ask = (organization: string) => server.ask(kind, { authorization: `Bearer ${tokens.admin}`, organization })
      expect(await ask(organizationId)).toMatchObject({ code: status.OK })
      expect(await ask('another')).toMatchObject({ code: status.PERMISSION_DENIED })
      expect(await ask('')).toMatchObject({ code: status.INTERNAL })
    }
  })

  it('takes an anonymous call where authorization is optional', async () => {
    const server = await world.start({
      requirement: { optional: { role: 'admin' } },
      handle: (call) => getOptionalAuthorization(call)?.userId ?? 'anonymous',
    })
    expect(await server.ask(kind)).toMatchObject({ code: status.OK, messages: ['anonymous'] })
    expect(await server.ask(kind, { authorization: `Bearer ${tokens.member}` })).toMatchObject({
      code: status.PERMISSION_DENIED,
    })
  })

  it('gets the context of a good token where authorization is optional', async () => {
    const server = await world.start({
      requirement: { optional: true },
      handle: (call) => getOptionalAuthorization(call)?.userId ?? 'anonymous',
    })
    expect(await server.ask(kind, { authorization: `Bearer ${tokens.member}` })).toMatchObject({
      messages: [world.user.id],
    })
  })

  it.each([
    ['a token nobody issued', 'Bearer nobody-issued-this', status.UNAUTHENTICATED],
    ['another scheme', 'Basic YTpi', status.UNAUTHENTICATED],
    ['malformed credentials', 'Bearer a b', status.INVALID_ARGUMENT],
  ])('refuses %s also where authorization is optional', async (_, authorization, code) => {
    const server = await world.start({ requirement: { optional: true } })
    expect(await server.ask(kind, { authorization })).toMatchObject({ code })
  })
})

describe('the requirements of a service', () => {
  const each = { unary: 'public', clientStream: true, serverStream: true, bidirectional: { role: 'admin' } } as const
  const codes = async (requirements: unknown) => {
    const interceptor = createAuthorizationInterceptor(world.createAuth(), {
      services: [[kindsService, requirements as 'public']],
    })
    const server = await world.start({ interceptors: [interceptor] })
    const authorization = `Bearer ${tokens.member}`
    return Promise.all(kinds.map(async (kind) => (await server.ask(kind, { authorization })).code))
  }

  it('are given by the names of its methods', async () => {
    expect(await codes(each)).toEqual([status.OK, status.OK, status.OK, status.PERMISSION_DENIED])
  })

  it('are given by the full names of its methods', async () => {
    const byPath = Object.fromEntries(kinds.map((kind) => [kindsService[kind].path, each[kind]]))
    expect(await codes(byPath)).toEqual([status.OK, status.OK, status.OK, status.PERMISSION_DENIED])
  })

  it('may be one for all of its methods', async () => {
    expect(await codes(true)).toEqual([status.OK, status.OK, status.OK, status.OK])
    const server = await world.start({
      interceptors: [createAuthorizationInterceptor(world.createAuth(), { services: [[kindsService, true]] })],
    })
    expect(await server.ask('unary')).toMatchObject({ code: status.UNAUTHENTICATED })
  })

  it.each<[string, unknown, RegExp]>([
    ['nothing', {}, /no method is declared/],
    ['no service and no method', { services: [], methods: {} }, /no method is declared/],
    ['an unknown member', { service: [[kindsService, true]] }, /unknown member "service"/],
    ['a method the service does not have', { services: [[kindsService, { ...each, unari: true }]] }, /no method unari/],
    [
      'a method the prototype of every object has',
      { services: [[kindsService, { ...each, toString: true }]] },
      /no method toString/,
    ],
    [
      'a method left out',
      { services: [[kindsService, { unary: 'public' }]] },
      /no requirement for \/test\.Kinds\/ClientStream/,
    ],
    [
      'a service declared twice',
      {
        services: [
          [kindsService, true],
          [kindsService, true],
        ],
      },
      /\/test\.Kinds\/Unary is declared twice/,
    ],
    [
      'a method declared by name and by full name',
      { services: [[kindsService, { ...each, '/test.Kinds/Unary': true }]] },
      /declared twice/,
    ],
    [
      'a method of a service declared again',
      { services: [[kindsService, true]], methods: { '/test.Kinds/Unary': 'public' } },
      /declared twice/,
    ],
    ['a service without what it asks for', { services: [kindsService] }, /^services is a list of pairs/],
    ['a service alone', { services: kindsService }, /^services is a list of pairs/],
    ['a client in the place of a service', { services: [[{ service: kindsService }, true]] }, /"service" has no path/],
    ['a service that asks for nothing', { services: [[kindsService, undefined]] }, /the requirements of a service are/],
    ['a name that is not full', { methods: { Unary: true } }, /not a full method name/],
    ['a name without its slash', { methods: { 'test.Kinds/Unary': true } }, /not a full method name/],
    ['a method that asks for nothing', { methods: { '/a/b': undefined } }, /^\/a\/b: what can be asked for is/],
    ['a misspelt word', { methods: { '/a/b': 'pubic' } }, /^\/a\/b: what can be asked for is/],
    ['false', { methods: { '/a/b': false } }, /^\/a\/b: what can be asked for is/],
    ['an empty requirement', { methods: { '/a/b': {} } }, /^\/a\/b: the requirement is empty/],
    ['an unknown requirement', { methods: { '/a/b': { rolle: 'admin' } } }, /^\/a\/b: .*unknown member "rolle"/],
    ['an optional nothing', { methods: { '/a/b': { optional: {} } } }, /^\/a\/b: the requirement is empty/],
    ['an optional false', { methods: { '/a/b': { optional: false } } }, /^\/a\/b: /],
    ['a requirement beside optional', { methods: { '/a/b': { optional: true, role: 'admin' } } }, /stands inside/],
  ])('keep the server from starting with %s', (_, requirements, message) => {
    const create = () => createAuthorizationInterceptor(world.createAuth(), requirements as never)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })
})
