import type { ZitadelAuth, ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
let first: string
let second: string
beforeAll(async () => {
  world = await createWorld()
  first = world.zitadel.issuer
  second = world.zitadel.addCustomDomain('localhost')
})
beforeEach(() => world.zitadel.resetRequests())
afterAll(() => world.close())

const createAuth = (options: object): ZitadelAuth =>
  world.createAuth({ projectId: world.project.id, ...options } as Partial<ZitadelAuthOptions>)

const issue = (type: 'jwt' | 'opaque', issuer: string): string =>
  world.zitadel.issueAccessToken(world.user, { type, audience: [world.project.id], issuer })

const counts = () => {
  const { discovery, keys, introspection } = world.zitadel.requests
  return { discovery, keys, introspection }
}

describe.each(hosts)('$name, of an instance with several names,', (host) => {
  async function start(options: object) {
    const { url } = await world.start(host, { auth: createAuth(options) })
    return async (token: string) => (await ask(`${url}/required`, { authorization: `Bearer ${token}` })).status
  }

  it('takes opaque tokens of each, and asks about them by the first', async () => {
    const status = await start({ domain: [first, second] })
    expect([await status(issue('opaque', first)), await status(issue('opaque', second))]).toEqual([200, 200])
    expect(counts()).toEqual({ discovery: 1, keys: 0, introspection: 2 })
  })

  // Under another name than the one in its `iss`, this ZITADEL says of a JWT that it is inactive, as a real one does.
  it('takes JWTs of each, and asks about one by the name that issued it', async () => {
    const status = await start({ domain: [first, second] })
    expect([await status(issue('jwt', first)), await status(issue('jwt', second))]).toEqual([200, 200])
    expect(counts()).toEqual({ discovery: 2, keys: 0, introspection: 2 })
  })

  it.each(['jwt', 'auto'])(
    'takes JWTs of each with verification %s, and fetches the keys once',
    async (verification) => {
      const status = await start({ domain: [first, second], verification })
      expect([await status(issue('jwt', first)), await status(issue('jwt', second))]).toEqual([200, 200])
      expect(counts()).toEqual({ discovery: 1, keys: 1, introspection: 0 })
    },
  )

  it.each(['introspection', 'jwt', 'auto'])(
    'refuses a JWT of a name that is not in the list, with verification %s',
    async (verification) => {
      const status = await start({ domain: [first], verification })
      expect(await status(issue('jwt', second))).toBe(401)
    },
  )
})
