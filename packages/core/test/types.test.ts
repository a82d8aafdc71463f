import { describe, expect, it } from 'vitest'
import {
  type AuthorizationContext,
  type AuthorizationErrorCode,
  authorize,
  createZitadelAuth,
  type ForgetTarget,
  type RequirementChoice,
  type ZitadelAuth,
  type ZitadelAuthOptions,
} from '../src/index.js'

type Role = 'admin' | 'editor'

// None of these functions is ever called: the compiler reads them, and `@ts-expect-error` fails where it finds no error.
declare const typed: ZitadelAuth<{ role: Role }>
declare const untyped: ZitadelAuth
declare const context: AuthorizationContext<Role>
const domain = 'zitadel.example'

const promises: readonly (readonly [string, () => unknown])[] = [
  [
    'takes each kind of credentials',
    () => [
      createZitadelAuth({ domain, keyFile: './api.json' }),
      createZitadelAuth({ domain, key: 'text' }),
      createZitadelAuth({ domain, clientId: 'client-1', clientSecret: 'words' }),
    ],
  ],
  [
    'misses credentials',
    () => {
      // @ts-expect-error no credentials
      createZitadelAuth({ domain })
      // @ts-expect-error a client id without its secret
      createZitadelAuth({ domain, clientId: 'client-1' })
      // @ts-expect-error no domain
      createZitadelAuth({ keyFile: './api.json' })
    },
  ],
  [
    'refuses two credentials',
    () => {
      // @ts-expect-error a file and a key
      createZitadelAuth({ domain, keyFile: './api.json', key: 'text' })
      // @ts-expect-error a file and a secret
      createZitadelAuth({ domain, keyFile: './api.json', clientId: 'client-1', clientSecret: 'words' })
      // @ts-expect-error a key and a client id
      createZitadelAuth({ domain, key: 'text', clientId: 'client-1' })
    },
  ],
  [
    'refuses unknown options',
    () => {
      // @ts-expect-error misspelt
      createZitadelAuth({ domain, keyfile: './api.json' })
      // @ts-expect-error true says nothing
      createZitadelAuth({ domain, keyFile: './api.json', cache: true })
      // @ts-expect-error a text turns nothing off
      createZitadelAuth({ domain, keyFile: './api.json', allowInsecureHttp: 'false' })
      // @ts-expect-error no such format
      createZitadelAuth({ domain, keyFile: './api.json', refusalFormat: 'json' })
    },
  ],
  [
    'knows a misspelt role',
    async () => {
      await typed.authenticate('', { role: 'admin' })
      // @ts-expect-error misspelt
      await typed.authenticate('', { role: 'amdin' })
      // @ts-expect-error misspelt
      await typed.authenticateOptional('', { anyRole: ['admin', 'editr'] })
      // @ts-expect-error misspelt
      typed.readRequirement({ allRoles: ['Admin'] })
      // @ts-expect-error misspelt
      authorize(context, { role: 'amdin' })
      // @ts-expect-error misspelt
      context.isGrantedRole('amdin')
      // @ts-expect-error misspelt
      context.organizationsWithRole('amdin')
    },
  ],
  [
    'takes any role where none is declared',
    async () => {
      const ctx = await untyped.authenticate('', { role: 'anything' })
      return ctx.isGrantedRole('anything')
    },
  ],
  [
    'knows a member that a requirement does not have',
    async () => {
      // @ts-expect-error no such member
      await untyped.authenticate('', { roles: ['admin'] })
      // @ts-expect-error no such member
      authorize(context, { role: 'admin', inOrganisation: 'org1' })
      // @ts-expect-error a member that is there must say something
      authorize(context, { role: 'admin', inOrganization: undefined })
      // @ts-expect-error true is what it is without it
      authorize(context, { allowImpersonation: true })
      // @ts-expect-error a check says true or false
      authorize(context, { check: () => undefined })
      const read: RequirementChoice<Role> = typed.readRequirement({ role: 'admin', inOrganization: 'org1' })
      return read
    },
  ],
  [
    'knows a requirement that is given and says nothing',
    async () => {
      await typed.authenticate('')
      await typed.authenticate('', true)
      await typed.authenticate('', () => ({ role: 'admin' }))
      await typed.authenticateOptional('', async () => ({ role: 'admin' }))
      await typed.authenticateToken('', { organizationId: 'org1', anyGroup: ['group1'] })
      await typed.authorize(context, { group: 'group1' })
      // @ts-expect-error a misspelt member of an object of requirements
      await typed.authenticate('', undefined)
      // @ts-expect-error a requirement that may not be there
      await typed.authenticateOptional('', [{ role: 'admin' } as const][0])
      // @ts-expect-error a function that gives nothing
      await typed.authenticateToken('', () => undefined)
      // @ts-expect-error a misspelt role
      await typed.authenticate('', () => ({ role: 'amdin' }))
      // @ts-expect-error nothing at all
      await typed.authorize(context)
      // @ts-expect-error only a request has functions to ask
      await typed.authorize(context, () => true)
      // @ts-expect-error false is no requirement
      typed.readRequirement(false)
    },
  ],
  [
    'knows a member that a role check does not have',
    () => {
      context.isGrantedRole('admin', { organizationId: 'org1', projectId: 'p1' })
      // @ts-expect-error no such member
      context.isGrantedRole('admin', { organisationId: 'org1' })
      // @ts-expect-error a member that is there must say something
      context.isGrantedRole('admin', { organizationId: undefined })
    },
  ],
  [
    'lets nobody change a context',
    () => {
      // @ts-expect-error read-only
      context.userId = 'bob'
      // @ts-expect-error read-only
      context.scopes.push('openid')
      // @ts-expect-error read-only
      context.claims['sub'] = 'bob'
    },
  ],
  [
    'says that a context may be missing where credentials are optional',
    async () => {
      const ctx = await untyped.authenticateOptional('')
      // @ts-expect-error possibly undefined
      return ctx.userId
    },
  ],
  [
    'lets a program read every code',
    () => {
      const code: AuthorizationErrorCode = 'ERR_TOKEN_INVALID'
      // @ts-expect-error no such code
      const other: AuthorizationErrorCode = 'ERR_TOKEN_EXPIRED'
      return [code, other]
    },
  ],
  [
    'takes one target to forget',
    () => {
      const target: ForgetTarget = { userId: 'ann' }
      // @ts-expect-error no such target
      untyped.forget({ user: 'ann' })
      // @ts-expect-error an event may have no such member
      untyped.forget({ tokenId: undefined })
      return target
    },
  ],
  [
    'lets a program build options of any credentials',
    () => {
      const options: ZitadelAuthOptions = { domain, key: 'text', cache: { ttlSeconds: 10 } }
      return options
    },
  ],
]

describe('the types', () => {
  it('keep their promises, as long as the compiler is content with this file', () =>
    expect(new Set(promises.map(([what]) => what)).size).toBe(promises.length))
})
