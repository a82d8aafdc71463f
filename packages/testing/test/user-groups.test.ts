import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessTokenOptions, ServiceUser, UserGroup } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

const GROUPS = 'urn:zitadel:iam:user:groups'

let fixture: Fixture
let user: ServiceUser
let group: UserGroup
beforeAll(async () => {
  fixture = await startFixture()
  user = fixture.zitadel.createServiceUser({ userName: 'member' })
  group = fixture.zitadel.createUserGroup({ name: 'engineering' })
})
afterAll(() => fixture.zitadel.close())

const issue = (scopes: readonly string[], options: AccessTokenOptions = {}) =>
  fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id], scopes, ...options })
const ask = (scopes: readonly string[]) => fixture.introspect(issue(scopes))

describe('user groups', () => {
  it('are in no answer about a user in none, nor without their scope', async () => {
    expect(await ask([GROUPS])).not.toHaveProperty(GROUPS)
    fixture.zitadel.addToUserGroup(user, group)
    const answer = await ask(['openid'])
    expect([answer[GROUPS], answer['groups']]).toEqual([undefined, undefined])
  })

  it('are in the answer by id and name, and by name alone with the other scope', async () => {
    const answer = await ask([GROUPS, 'groups'])
    expect(answer).toMatchObject({ scope: `${GROUPS} groups`, groups: ['engineering'] })
    expect(answer[GROUPS]).toEqual([{ id: group.id, name: 'engineering' }])
  })

  it('are in a JWT too', () =>
    expect(decodeJwt(issue([GROUPS], { type: 'jwt' }))[GROUPS]).toEqual([{ id: group.id, name: 'engineering' }]))

  it('change with the next introspection', async () => {
    expect(fixture.zitadel.removeFromUserGroup(user, group)).toBe(true)
    expect(await ask([GROUPS])).not.toHaveProperty(GROUPS)
    expect(fixture.zitadel.removeFromUserGroup(user, group)).toBe(false)
  })

  it('have names that are free in another organization only', () => {
    const { id: organizationId } = fixture.zitadel.createOrganization({ name: 'Customer' })
    expect(() => fixture.zitadel.createUserGroup({ name: 'engineering' })).toThrow('named "engineering" already')
    const other = fixture.zitadel.createUserGroup({ name: 'engineering', organizationId })
    expect(() => fixture.zitadel.addToUserGroup(user, other)).toThrow('belongs to another organization')
  })
})
