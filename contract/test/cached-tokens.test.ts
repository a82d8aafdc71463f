import type { AuthorizationContext, RequirementChoice } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, ask } from '../src/ask.js'
import type { RunningApi } from '../src/host.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

// A token that is cached goes another way than one that ZITADEL is asked about. No client, and no handler, may see which.

let world: World
let authorization: string
beforeAll(async () => {
  world = await createWorld()
  authorization = `Bearer ${world.createUser('cached', 'editor').token}`
})
afterAll(() => world.close())

const requirements: Readonly<Record<string, RequirementChoice>> = {
  'a good token': true,
  'a role that is granted': { role: 'editor' },
  'a role that is not granted': { role: 'admin' },
  'a role, and a check that passes': { role: 'editor', check: async () => true },
  'a check that fails': { check: () => false },
}

const ways = [
  '/required',
  '/optional',
  '/function/1',
  '/optional-function/1',
  '/second',
  '/authorize',
  '/crash',
  '/stale',
]
const methods = ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD']

const withoutDate = ({ headers, ...rest }: Answer) => ({ ...rest, headers: { ...headers, date: '' } })

describe.each(hosts)('$name', (host) => {
  describe.each(Object.entries(requirements))('where %s is required', (_, requirement) => {
    const handled: (AuthorizationContext | undefined)[] = []
    let cached: RunningApi
    let uncached: RunningApi
    beforeAll(async () => {
      const scenario = {
        requirement,
        requirementFor: () => requirement,
        requirementInHandler: { role: 'editor' },
        onHandled: (context: AuthorizationContext | undefined) => void handled.push(context),
      }
      cached = await world.start(host, { auth: world.createAuth(), ...scenario })
      uncached = await world.start(host, { auth: world.createAuth({ cache: false }), ...scenario })
      await ask(`${cached.url}/authorize`, { authorization })
    })

    /** What the client gets, and what the handler does: once, or never. */
    async function outcomeOf(api: RunningApi, way: string, method: string) {
      handled.length = 0
      const answer = withoutDate(await ask(`${api.url}${way}`, { authorization, method }))
      return { answer, handled: handled.map((context) => ({ ...context, token: context?.token })) }
    }

    for (const way of ways) {
      it(`answers a cached token on ${way} as a new one`, async () => {
        for (const method of methods) {
          expect(await outcomeOf(cached, way, method)).toEqual(await outcomeOf(uncached, way, method))
        }
      })
    }
  })

  it('asks ZITADEL about a token once, however many requests bring it on whatever way', async () => {
    const { url } = await world.start(host, {
      requirement: { role: 'editor' },
      requirementInHandler: { role: 'editor' },
    })
    world.zitadel.resetRequests()
    for (const way of ways) await ask(`${url}${way}`, { authorization })
    expect(world.zitadel.requests.introspection).toBe(1)
  })

  it('hands a cached token to the function that an application has put in the place of authenticate', async () => {
    const auth = world.createAuth()
    const { url } = await world.start(host, { auth })
    expect(await ask(`${url}/required`, { authorization })).toMatchObject({ status: 200 })
    vi.spyOn(auth, 'authenticate').mockRejectedValue(new Error('refused by hand'))
    expect(await ask(`${url}/required`, { authorization })).toMatchObject({ status: 500 })
  })
})
