import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A token of somebody who logs in now, in this way. */
const logIn = (authenticationMethods: readonly string[], type: 'jwt' | 'opaque' = 'opaque') =>
  world.zitadel.issueAccessToken(world.user, { type, authenticationMethods, audience: [world.project.id] })

const tooOld = 'unauthorized: log in again, the last login must not be older than 300 seconds\n'
const challenge = 'Bearer error="insufficient_user_authentication", max_age="300"'

describe.each(hosts)('$name', (host) => {
  async function start(requirement: object, options: object = {}) {
    const auth = world.createAuth(options as Partial<ZitadelAuthOptions>)
    const { url } = await world.start(host, { auth, requirement, requirementInHandler: requirement })
    return async (token: string, route = '/required') => {
      const { status, headers, body } = await ask(url + route, { authorization: `Bearer ${token}` })
      return [status, headers['www-authenticate'], status === 200 ? '' : body]
    }
  }

  it.each(['/required', '/authorize'])(
    'asks for a new login on %s where the last one is too old (RFC 9470)',
    async (route) => {
      const answer = await start({ maxAgeSeconds: 300 })
      const token = logIn(['pwd'])
      world.advanceSeconds(299)
      expect(await answer(token, route)).toEqual([200, undefined, ''])
      world.advanceSeconds(2)
      expect(await answer(token, route)).toEqual([401, challenge, tooOld])
      expect(await answer(logIn(['pwd']), route)).toEqual([200, undefined, ''])
    },
  )

  it('asks for a login of another kind', async () => {
    const answer = await start({ amr: 'mfa' })
    const refused = [
      401,
      'Bearer error="insufficient_user_authentication"',
      'unauthorized: log in again, with method: `mfa`\n',
    ]
    expect(await answer(logIn(['pwd']))).toEqual(refused)
    expect(await answer(logIn(['user', 'mfa']))).toEqual([200, undefined, ''])
  })

  it('lets no personal access token pass, whose user has not logged in', async () => {
    const answer = await start({ maxAgeSeconds: 300 })
    expect(await answer(world.token)).toEqual([401, challenge, tooOld])
  })

  it('asks ZITADEL about a JWT, which does not say it', async () => {
    const answer = await start({ maxAgeSeconds: 300 }, { verification: 'auto', projectId: world.project.id })
    const token = logIn(['pwd'], 'jwt')
    expect(await answer(token)).toEqual([200, undefined, ''])
    world.advanceSeconds(301)
    expect(await answer(token)).toEqual([401, challenge, tooOld])
  })

  it('does not start where only JWTs are taken', async () => {
    const options = { verification: 'jwt', projectId: world.project.id }
    await expect(start({ maxAgeSeconds: 300 }, options)).rejects.toThrow(TypeError)
  })
})
