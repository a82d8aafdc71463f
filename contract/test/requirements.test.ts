import type { Requirement } from '@org/zitadel-auth'
import type { UserGroup } from '@org/zitadel-auth-testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
let organizationId: string
let groupId: string
let tokens: Readonly<Record<'member' | 'admin' | 'delegated' | 'client' | 'grouped' | 'namesake', string>>

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
    ...issueTokensOfGroups(),
  }
})
afterAll(() => world.close())

/** Tokens of a user in a group, and of one of another organization in a group of the same name. */
function issueTokensOfGroups() {
  const { zitadel, project } = world
  const session = { audience: [project.id], scopes: ['urn:zitadel:iam:user:groups'] }
  const [grouped, namesake] = [zitadel.organization.id, organizationId].map((organization) => {
    const user = zitadel.createServiceUser({ userName: `member-of-${organization}`, organizationId: organization })
    const group = zitadel.createUserGroup({ name: 'engineering', organizationId: organization })
    zitadel.addToUserGroup(user, group)
    return { group, token: zitadel.issueAccessToken(user, session) }
  }) as [GroupMember, GroupMember]
  groupId = grouped.group.id
  return { grouped: grouped.token, namesake: namesake.token }
}

interface GroupMember {
  readonly group: UserGroup
  readonly token: string
}

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
  allRoles: {
    requirement: () => ({ allRoles: ['admin', 'editor'] }),
    passes: 'admin',
    fails: 'member',
    reason: 'missing required roles: `admin`, `editor`',
  },
  'role in the granting organization': {
    requirement: () => ({ role: 'admin', inOrganization: organizationId }),
    passes: 'admin',
    fails: 'member',
    reason: 'missing required role: `admin`',
  },
  'role in the project': {
    requirement: ({ project }) => ({ role: 'admin', inProject: project.id }),
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
  clientId: {
    requirement: () => ({ clientId: ['ann'] }),
    passes: 'client',
    fails: 'admin',
    reason: 'client is not allowed',
  },
  impersonation: {
    requirement: () => ({ allowImpersonation: false }),
    passes: 'client',
    fails: 'delegated',
    reason: 'impersonation is not allowed',
  },
  'organization of the user': {
    requirement: ({ zitadel }) => ({ organizationId: zitadel.organization.id }),
    passes: 'member',
    fails: 'client',
    reason: 'organization is not allowed',
  },
  group: {
    requirement: () => ({ group: groupId }),
    passes: 'grouped',
    fails: 'member',
    reason: 'missing required group',
  },
  anyGroup: {
    requirement: () => ({ anyGroup: ['another', groupId] }),
    passes: 'grouped',
    fails: 'namesake',
    reason: 'missing required group',
  },
  check: {
    requirement: () => ({ check: (context) => context.isGrantedRole('editor') }),
    passes: 'admin',
    fails: 'member',
    reason: 'requirement not met',
  },
  'asynchronous check': {
    requirement: () => ({ check: async (context) => context.isGrantedRole('editor') }),
    passes: 'admin',
    fails: 'member',
    reason: 'requirement not met',
  },
  'several members, which mean all of them': {
    requirement: () => ({ role: 'admin', scope: 'orders:read' }),
    passes: 'client',
    fails: 'admin',
    reason: 'missing required scope: `orders:read`',
  },
}

describe.each(hosts)('$name', (host) => {
  for (const [name, { requirement, passes, fails, reason }] of Object.entries(cases)) {
    it(`lets pass and refuses by ${name}`, async () => {
      const api = await world.start(host, { requirement: requirement(world) })
      const good = await ask(`${api.url}/required`, { authorization: `Bearer ${tokens[passes]}` })
      const bad = await ask(`${api.url}/required`, { authorization: `Bearer ${tokens[fails]}` })
      expect(good).toMatchObject({ status: 200 })
      expect(bad).toMatchObject({ status: 403, body: `permission denied: ${reason}\n` })
    })
  }

  it.each([
    [
      'a role that another organization grants',
      () => ({ role: 'admin', inOrganization: world.project.organizationId }),
    ],
    ['a role in another project', () => ({ role: 'admin', inProject: '999' })],
    ['a role that the prototype of every object has', () => ({ role: 'constructor' })],
    ['a role named __proto__', () => ({ role: '__proto__' })],
  ])('refuses %s', async (_, requirement) => {
    const api = await world.start(host, { requirement: requirement() })
    expect(await ask(`${api.url}/required`, { authorization: `Bearer ${tokens.admin}` })).toMatchObject({ status: 403 })
  })

  it('answers an authorize() in a handler like one before it', async () => {
    const api = await world.start(host, { requirement: { role: 'admin' } })
    const { headers: inHandler, ...inHandlerRest } = await ask(`${api.url}/authorize`, {
      authorization: `Bearer ${tokens.member}`,
    })
    const { headers: before, ...beforeRest } = await ask(`${api.url}/required`, {
      authorization: `Bearer ${tokens.member}`,
    })
    expect(inHandlerRest).toEqual(beforeRest)
    expect({ ...inHandler, date: '' }).toEqual({ ...before, date: '' })
    expect(await ask(`${api.url}/authorize`, { authorization: `Bearer ${tokens.admin}` })).toMatchObject({
      status: 200,
    })
  })

  describe('by a requirement that is a function of the request', () => {
    const admin = async (organization: string) => ({ role: 'admin', inOrganization: organization })

    it.each(['/function', '/optional-function'])('lets pass and refuses on %s', async (route) => {
      const api = await world.start(host, { requirementFor: admin })
      const outcome = async (organization: string, token: string) =>
        (await ask(`${api.url}${route}/${organization}`, { authorization: `Bearer ${token}` })).status
      expect(await outcome(organizationId, tokens.admin)).toBe(200)
      expect(await outcome('another', tokens.admin)).toBe(403)
      expect(await outcome(organizationId, tokens.member)).toBe(403)
    })

    it.each(['/function', '/optional-function'])(
      'is not asked on %s before a token is known to be good',
      async (route) => {
        const asked: string[] = []
        const requirementFor = (organization: string) => asked.push(organization) > 0 || true
        const api = await world.start(host, { requirementFor: requirementFor as () => true })
        for (const authorization of [undefined, 'Basic YTpi', 'Bearer a b', 'Bearer nobody-issued-this']) {
          await ask(`${api.url}${route}/1`, authorization === undefined ? {} : { authorization })
        }
        expect(asked).toEqual([])
        await ask(`${api.url}${route}/2`, { authorization: `Bearer ${tokens.member}` })
        expect(asked).toEqual(['2'])
      },
    )

    it.each([
      ['undefined', () => undefined],
      ['null', () => null],
      ['an empty requirement', () => ({})],
      ['an unknown member', () => ({ rolle: 'admin' })],
      ['false', () => false],
      ['a promise of undefined', async () => undefined],
      ['a promise that rejects without a reason', () => Promise.reject()],
    ])('lets nobody pass where it gives %s', async (_, requirementFor) => {
      const handled: unknown[] = []
      const api = await world.start(host, {
        requirementFor: requirementFor as () => true,
        onHandled: (context) => handled.push(context),
      })
      for (const route of ['/function', '/optional-function']) {
        const answer = await ask(`${api.url}${route}/1`, { authorization: `Bearer ${tokens.admin}` })
        expect(answer.status).toBe(500)
      }
      expect(handled).toEqual([])
    })
  })

  it('does not keep a context whose credentials a middleware has removed', async () => {
    const api = await world.start(host)
    expect(await ask(`${api.url}/stale`, { authorization: `Bearer ${tokens.member}` })).toMatchObject({
      ...{ status: 200, body: '{"anonymous":true}' },
    })
  })

  it.each([
    ['no requirement at all', undefined],
    ['null', null],
    ['false', false],
    ['the name of a role', 'admin'],
    ['an empty requirement', {}],
    ['an unknown member', { rolle: 'admin' }],
    ['a member that says nothing', { role: 'admin', inOrganization: undefined }],
    ['an empty list', { anyRole: [] }],
  ])('refuses to start with %s', async (_, requirement) => {
    const start = async () => world.start(host, { requirement: requirement as Requirement })
    await expect(start()).rejects.toThrow(TypeError)
  })
})

describe.each(hosts)('optional authorization on $name', (host) => {
  it('lets a request without credentials pass as anonymous', async () => {
    const api = await world.start(host, { requirement: { role: 'admin' } })
    expect(await ask(`${api.url}/optional`)).toMatchObject({ status: 200, body: '{"anonymous":true}' })
  })

  it('gives the context of a good token', async () => {
    const api = await world.start(host)
    const answer = await ask(`${api.url}/optional`, { authorization: `Bearer ${tokens.member}` })
    expect(JSON.parse(answer.body)).toMatchObject({ userId: world.user.id })
  })

  it.each([
    ['a token nobody issued', 'Bearer nobody-issued-this', 401],
    ['another scheme', 'Basic YTpi', 401],
    ['a malformed header', 'Bearer a b', 400],
  ])('refuses %s all the same', async (_, authorization, status) => {
    const api = await world.start(host)
    expect(await ask(`${api.url}/optional`, { authorization })).toMatchObject({ status })
  })

  it('refuses a token that does not meet the requirement', async () => {
    const api = await world.start(host, { requirement: { role: 'admin' } })
    expect(await ask(`${api.url}/optional`, { authorization: `Bearer ${tokens.member}` })).toMatchObject({
      status: 403,
    })
  })
})
