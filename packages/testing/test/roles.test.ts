import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccessTokenOptions, Organization, Project, ServiceUser } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

const ROLES = 'urn:zitadel:iam:org:project:roles'

let fixture: Fixture
let otherProject: Project
let customer: Organization
let user: ServiceUser
let names = 0
beforeAll(async () => {
  fixture = await startFixture()
  otherProject = fixture.zitadel.createProject({ name: 'billing' })
  customer = fixture.zitadel.createOrganization({ name: 'Customer A' })
  for (const role of ['admin', 'editor', 'corporate member', '__proto__', 'constructor'])
    fixture.zitadel.createRole(fixture.project, role)
  fixture.zitadel.createRole(otherProject, 'accountant')
})
beforeEach(() => {
  names += 1
  user = fixture.zitadel.createServiceUser({ userName: `user-${names}` })
})
afterAll(() => fixture.zitadel.close())

const home = () => ({ [fixture.zitadel.organization.id]: 'zitadel.localhost' })
const away = () => ({ [customer.id]: 'customer-a.localhost' })
const ask = (options: AccessTokenOptions = {}) =>
  fixture.introspect(fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id], ...options }))

describe('the roles of an introspection answer', () => {
  it('are under both claims, by the organization they were assigned in', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin' })
    const answer = await ask()

    expect(answer[ROLES]).toEqual({ admin: home() })
    expect(answer[`urn:zitadel:iam:org:project:${fixture.project.id}:roles`]).toEqual({ admin: home() })
  })

  it('collect all organizations of a role', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, roles: ['admin', 'editor'] })
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin', organizationId: customer.id })

    expect((await ask())[ROLES]).toEqual({ admin: { ...home(), ...away() }, editor: home() })
  })

  it('add up', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin' })
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'editor' })

    expect((await ask())[ROLES]).toEqual({ admin: home(), editor: home() })
  })

  it('are not there without a grant', async () => {
    expect(Object.keys(await ask()).filter((name) => name.endsWith('roles'))).toEqual([])
  })

  it('are not there for a grant without roles', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, roles: [] })

    expect(await ask()).not.toHaveProperty([ROLES])
  })

  it("are never another project's, whatever the scopes ask for", async () => {
    fixture.zitadel.grantRole(user, { project: otherProject, role: 'accountant' })
    const scopes = ['urn:zitadel:iam:org:projects:roles', `urn:zitadel:iam:org:project:id:${otherProject.id}:aud`]

    expect(Object.keys(await ask({ scopes })).filter((name) => name.endsWith('roles'))).toEqual([])
  })

  it('are narrowed to the roles the scopes name', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, roles: ['admin', 'editor'] })
    const answer = await ask({ scopes: ['openid', 'urn:zitadel:iam:org:project:role:editor'] })

    expect(answer[ROLES]).toEqual({ editor: home() })
  })

  it('are narrowed to the organizations the scopes name', async () => {
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'editor' })
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin', organizationId: customer.id })
    const answer = await ask({ scopes: ['openid', `urn:zitadel:iam:org:roles:id:${customer.id}`] })

    expect(answer[ROLES]).toEqual({ admin: away() })
  })

  it('may have any name', async () => {
    const roles = ['corporate member', '__proto__', 'constructor']
    fixture.zitadel.grantRole(user, { project: fixture.project, roles })

    expect(Object.keys((await ask())[ROLES] as object)).toEqual(roles)
  })

  it('are read anew for every answer', async () => {
    const token = fixture.zitadel.createPersonalAccessToken(user)
    const before = await fixture.introspect(token)
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin' })

    expect(before).not.toHaveProperty([ROLES])
    expect(await fixture.introspect(token)).toHaveProperty([ROLES])
  })
})

describe('revokeRole', () => {
  beforeEach(() => {
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin' })
    fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admin', organizationId: customer.id })
  })

  it('takes a role away in one organization', async () => {
    const options = { project: fixture.project, role: 'admin', organizationId: customer.id }

    expect(fixture.zitadel.revokeRole(user, options)).toBe(true)
    expect((await ask())[ROLES]).toEqual({ admin: home() })
  })

  it('takes a role away in all organizations', async () => {
    expect(fixture.zitadel.revokeRole(user, { project: fixture.project, role: 'admin' })).toBe(true)
    expect(await ask()).not.toHaveProperty([ROLES])
  })

  it('says when there was nothing to take away', () => {
    expect(fixture.zitadel.revokeRole(user, { project: fixture.project, role: 'editor' })).toBe(false)
    expect(fixture.zitadel.revokeRole(user, { project: otherProject, role: 'admin' })).toBe(false)
  })
})

describe('grantRole', () => {
  it('creates no role by itself', () => {
    expect(() => fixture.zitadel.grantRole(user, { project: fixture.project, role: 'admn' })).toThrow(
      'the project "tasks" has no role "admn": create it with createRole first',
    )
  })

  it('grants nothing when one of several roles is unknown', async () => {
    const roles = ['admin', 'admn']

    expect(() => fixture.zitadel.grantRole(user, { project: fixture.project, roles })).toThrow('has no role "admn"')
    expect(await ask()).not.toHaveProperty([ROLES])
  })
})

describe('a user name', () => {
  it('can be had once', () => {
    expect(() => fixture.zitadel.createHumanUser({ userName: user.userName })).toThrow(
      `the user name "${user.userName}" is already taken`,
    )
  })
})
