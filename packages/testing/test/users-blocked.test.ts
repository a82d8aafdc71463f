import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceUser } from '../src/index.js'
import { type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

let fixture: Fixture
let user: ServiceUser
let names = 0
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.zitadel.close())
beforeEach(() => {
  names += 1
  user = fixture.zitadel.createServiceUser({ userName: `service-${names}` })
})

const isActive = async (token: string) => (await fixture.introspect(token))['active']
const issueTokens = () => [
  fixture.zitadel.createPersonalAccessToken(user),
  fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id] }),
  fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id], type: 'jwt' }),
]
const areActive = (tokens: readonly string[]) => Promise.all(tokens.map(isActive))

for (const [block, unblock] of [
  ['deactivateUser', 'reactivateUser'],
  ['lockUser', 'unlockUser'],
] as const) {
  describe(block, () => {
    it('makes all tokens of the user inactive', async () => {
      const tokens = issueTokens()
      const before = await areActive(tokens)
      fixture.zitadel[block](user)

      expect(before).toEqual([true, true, true])
      expect(await areActive(tokens)).toEqual([false, false, false])
    })

    it(`leaves them so after ${unblock}, and new ones are active`, async () => {
      const tokens = issueTokens()
      fixture.zitadel[block](user)
      fixture.zitadel[unblock](user)

      expect(await areActive(tokens)).toEqual([false, false, false])
      expect(await areActive(issueTokens())).toEqual([true, true, true])
    })

    it(`refuses new tokens until ${unblock}`, async () => {
      const secret = fixture.zitadel.createServiceUserSecret(user)
      const form = { grant_type: 'client_credentials', scope: 'openid' }
      const ask = () => fixture.post('/oauth/v2/token', form, toBasic(user.userName, secret))
      fixture.zitadel[block](user)
      const meanwhile = await readJson(await ask())
      fixture.zitadel[unblock](user)

      expect(meanwhile).toEqual({
        status: 400,
        body: { error: 'invalid_request', error_description: 'Errors.User.NotActive' },
      })
      expect((await ask()).status).toBe(200)
    })

    it('leaves other users alone', async () => {
      const tokens = issueTokens()
      fixture.zitadel[block](fixture.zitadel.createServiceUser({ userName: `other-${names}` }))

      expect(await areActive(tokens)).toEqual([true, true, true])
    })
  })
}

describe('reactivating', () => {
  for (const [name, deactivate, reactivate] of [
    [
      'an application',
      () => fixture.zitadel.deactivateApplication(fixture.basic),
      () => fixture.zitadel.reactivateApplication(fixture.basic),
    ],
    [
      'a project',
      () => fixture.zitadel.deactivateProject(fixture.project),
      () => fixture.zitadel.reactivateProject(fixture.project),
    ],
    [
      'an organization',
      () => fixture.zitadel.deactivateOrganization(fixture.zitadel.organization),
      () => fixture.zitadel.reactivateOrganization(fixture.zitadel.organization),
    ],
  ] as const) {
    it(`${name} makes its client known again, and tokens are as before`, async () => {
      const tokens = issueTokens()
      deactivate()
      const meanwhile = await areActive(tokens)
      reactivate()

      expect(meanwhile).toEqual([undefined, undefined, undefined])
      expect(await areActive(tokens)).toEqual([true, true, true])
    })
  }
})
