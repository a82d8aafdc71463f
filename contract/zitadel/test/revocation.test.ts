import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Grant, PersonalAccessToken, User, ZitadelAdministration } from '../src/administration.js'
import { type Api, createApi } from '../src/api.js'
import { openZitadel } from '../src/open.js'
import { type GuideProject, setUpProject } from '../src/project.js'
import { scopesFor } from '../src/scopes.js'
import { requestByKey } from '../src/token-endpoint.js'

let zitadel: ZitadelAdministration
let guide: GuideProject

beforeAll(async () => {
  zitadel = await openZitadel()
  guide = await setUpProject(zitadel)
})
afterAll(() => zitadel?.removeAll())

const role = { role: 'admin' }

/** A user with the role, of whom something is taken away. */
interface Admin {
  readonly user: User
  readonly grant: Grant
  readonly token: PersonalAccessToken
}

const changes: Readonly<Record<string, (admin: Admin) => Promise<void>>> = {
  'the role is removed': ({ grant }) => zitadel.removeGrant(grant),
  'the user is locked': ({ user }) => zitadel.lockUser(user),
  'the user is deactivated': ({ user }) => zitadel.deactivateUser(user),
  'the token is removed': ({ user, token }) => zitadel.removePersonalAccessToken(user, token),
}

const refusals: Readonly<Record<string, string>> = { 'the role is removed': 'ERR_PERMISSION_DENIED' }

describe.each(Object.entries(changes))('when %s', (name, change) => {
  const refused = refusals[name] ?? 'ERR_TOKEN_INVALID'
  let admin: Admin
  let api: Api

  beforeEach(async () => {
    const user = await zitadel.createServiceAccount('opaque')
    const grant = await zitadel.grantRole(user, guide.project, 'admin')
    admin = { user, grant, token: await zitadel.createPersonalAccessToken(user) }
    api = createApi({ domain: zitadel.domain, key: guide.key })
    await api.untilGives(user.id, admin.token.token, role)
    await change(admin)
    // Another API, that remembers nothing, says when ZITADEL itself shows the change.
    const fresh = createApi({ domain: zitadel.domain, key: guide.key, cache: false })
    await fresh.untilGives(refused, admin.token.token, role)
  })

  it('the API lets the user in for as long as it remembers, and not any longer', async () => {
    const { user, token } = admin
    expect(await api.try(token.token, role)).toBe(user.id)
    api.ageSeconds(31)
    expect(await api.try(token.token, role)).toBe(refused)
  })

  it('the API that forgets the user refuses them at once', async () => {
    const { user, token } = admin
    api.auth.forget({ userId: user.id })
    expect(await api.try(token.token, role)).toBe(refused)
  })

  it('the API that forgets the token refuses it at once', async () => {
    const { token } = admin.token
    api.auth.forget({ token })
    expect(await api.try(token, role)).toBe(refused)
  })
})

describe.each(['jwt', 'auto'] as const)(
  'when the user of a JWT is deactivated, with verification %s,',
  (verification) => {
    it('the API lets them in until it is told to forget them', async () => {
      const user = await zitadel.createServiceAccount('jwt')
      const key = await zitadel.createServiceAccountKey(user)
      const token = await requestByKey(zitadel.domain, key, scopesFor(guide.project))
      const api = createApi({ domain: zitadel.domain, key: guide.key, verification, projectId: guide.project.id })
      const asking = createApi({ domain: zitadel.domain, key: guide.key, cache: false })
      await asking.untilGives(user.id, token)
      await api.untilGives(user.id, token)
      await zitadel.deactivateUser(user)
      await asking.untilGives('ERR_TOKEN_INVALID', token)

      expect(await api.try(token)).toBe(user.id)
      api.auth.forget({ userId: user.id })
      expect(await api.try(token)).toBe('ERR_TOKEN_INVALID')
    })
  },
)
