import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(() => {
  // The frameworks ask for it when they are made.
  vi.stubEnv('NODE_ENV', 'production')
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(() => world.close())

/** What a developer needs to know, and a client must not: each is in a reason. */
const reasons: Readonly<Record<string, { readonly start: (world: World) => object; readonly secret: RegExp }>> = {
  'the name of a host': {
    start: ({ createAuth }) => ({ auth: createAuth({ domain: 'http://idp.internal.localhost:1' }) }),
    secret: /idp\.internal/,
  },
  'a scope of the set-up': {
    start: () => ({ requirement: { organizationId: 'org1' } }),
    secret: /urn:zitadel|client must/,
  },
  'the words of a check': { start: () => ({ requirement: { check: () => false } }), secret: /did not give true/ },
}

describe.each(hosts)(
  "the default error handler of $name, in production, where refusals are the application's",
  (host) => {
    for (const [what, { start, secret }] of Object.entries(reasons)) {
      it(`tells a client nothing of ${what}`, async () => {
        const token = world.zitadel.issueAccessToken(world.user, { audience: [world.project.id] })
        const api = await world.start(host, { ...start(world), onRefusal: 'throw', errorHandling: 'default' })
        const answer = await ask(`${api.url}/required`, { authorization: `Bearer ${token}` })
        expect(answer.status).toBeGreaterThanOrEqual(403)
        expect(inspect(answer, { depth: 9 })).not.toMatch(secret)
      })
    }

    it('answers with the status of the refusal', async () => {
      const api = await world.start(host, { onRefusal: 'throw', errorHandling: 'default' })
      const answers = await Promise.all(
        [undefined, 'Bearer a b', 'Bearer nobody-issued-this'].map((authorization) =>
          ask(`${api.url}/required`, authorization === undefined ? {} : { authorization }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual([401, 400, 401])
    })
  },
)
