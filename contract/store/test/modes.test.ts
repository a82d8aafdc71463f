import { describe, expect, it } from 'vitest'
import { clients, type OpenRedisClient } from '../src/clients.js'
import { createWorld } from './world.js'

const open = clients['node-redis 6'] as OpenRedisClient
const refused = expect.objectContaining({ code: 'ERR_TOKEN_INVALID' })

describe('with revocationCheckSeconds', () => {
  it('an answer about a JWT of another process counts as long as one of this process would', async () => {
    const { redis, startApi, issueToken, project, clock, asked } = await createWorld()
    await redis.start()
    const auth = { verification: 'auto', projectId: project.id, revocationCheckSeconds: 5 } as const
    const jwt = issueToken('jwt')
    const first = await startApi({ open, auth })
    await first.auth.authenticateToken(jwt)
    await first.untilQuiet()
    clock.advanceSeconds(3)
    const second = await startApi({ open, auth })
    await second.auth.authenticateToken(jwt)
    expect(asked()).toBe(1)
    clock.advanceSeconds(2)
    await second.auth.authenticateToken(jwt)
    expect(asked()).toBe(2)
    await second.untilQuiet()
  })

  it('an answer of another process does not take away the roles in other projects that the JWT names', async () => {
    const { redis, startApi, zitadel, user, project } = await createWorld()
    await redis.start()
    const other = zitadel.createProject({ name: 'other' })
    zitadel.createRole(other, 'editor')
    zitadel.grantRole(user, { project: other, role: 'editor' })
    const scopes = [
      'openid',
      ...[project, other].map(({ id }) => `urn:zitadel:iam:org:project:id:${id}:aud`),
      rolesScope,
    ]
    const jwt = zitadel.issueAccessToken(user, { type: 'jwt', scopes })
    const auth = { verification: 'auto', projectId: project.id, revocationCheckSeconds: 5 } as const
    const first = await startApi({ open, auth })
    const expected = await first.auth.authenticateToken(jwt, { role: 'editor', inProject: other.id })
    await first.untilQuiet()
    const found = await (await startApi({ open, auth })).auth.authenticateToken(jwt)
    expect(zitadel.requests.introspection).toBe(1)
    expect({ ...found }).toEqual({ ...expected })
    expect(found.isGrantedRole('editor', { projectId: other.id })).toBe(true)
  })
})

const rolesScope = 'urn:zitadel:iam:org:projects:roles'

describe('without questions about JWTs', () => {
  for (const verification of ['jwt', 'auto'] as const) {
    it(`a JWT that is cached is refused in every process once its user was revoked in one: ${verification}`, async () => {
      const { redis, startApi, issueToken, project, user, zitadel, clock } = await createWorld()
      await redis.start()
      const auth = { verification, projectId: project.id } as const
      const [first, second] = [
        await startApi({ open, auth }),
        await startApi({ open, auth, store: { subscribe: undefined } }),
      ]
      const jwt = issueToken('jwt')
      await second.auth.authenticateToken(jwt)
      await second.untilQuiet()
      zitadel.lockUser(user)
      first.auth.forget({ userId: user.id })
      await first.untilQuiet()
      clock.advanceSeconds(1)
      await expect(second.auth.authenticateToken(jwt)).rejects.toEqual(refused)
    })

    it(`a JWT waits for what a process that has just started does not know yet: ${verification}`, async () => {
      const { redis, startApi, issueToken, project, user, zitadel } = await createWorld()
      await redis.start()
      const auth = { verification, projectId: project.id } as const
      const first = await startApi({ open, auth })
      const [jwt, opaque] = [issueToken('jwt'), issueToken()]
      zitadel.lockUser(user)
      first.auth.forget({ userId: user.id })
      await first.untilQuiet()
      const later = await startApi({ open, auth })
      // Another request is on its way to the store already.
      const other = later.auth.authenticateToken(opaque).catch(() => {})
      await expect(later.auth.authenticateToken(jwt)).rejects.toEqual(refused)
      await other
    })
  }
})
