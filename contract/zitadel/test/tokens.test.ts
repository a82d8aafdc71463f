import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientSecret, User, ZitadelAdministration } from '../src/administration.js'
import { createApi, untilAccepted } from '../src/api.js'
import { openZitadel } from '../src/open.js'
import { type GuideProject, setUpProject } from '../src/project.js'
import { scopesFor } from '../src/scopes.js'
import { requestByKey, requestBySecret } from '../src/token-endpoint.js'

interface Issued {
  readonly user: User
  readonly token: string
}

let zitadel: ZitadelAdministration
let guide: GuideProject
let secret: ClientSecret
let other: GuideProject

beforeAll(async () => {
  zitadel = await openZitadel()
  guide = await setUpProject(zitadel)
  other = await setUpProject(zitadel)
  secret = await zitadel.createApplicationWithSecret(guide.project)
  await untilAccepted({ domain: zitadel.domain, ...secret })
})
afterAll(() => zitadel?.removeAll())

async function createAdmin(create: () => Promise<User>): Promise<User> {
  const user = await create()
  await zitadel.grantRole(user, guide.project, 'admin')
  return user
}

/** Every way to a token, for a user who has the role by then: a JWT says what was true when it was issued. */
const kinds: Readonly<Record<string, () => Promise<Issued>>> = {
  'a personal access token': async () => {
    const user = await createAdmin(() => zitadel.createServiceAccount('opaque'))
    return { user, token: (await zitadel.createPersonalAccessToken(user)).token }
  },
  'an opaque token by client credentials': () => issueBySecret('opaque'),
  'an opaque token by the JWT profile': () => issueByKey('opaque'),
  'an opaque token of a person': () => issueByLogin('opaque'),
  'a JWT by client credentials': () => issueBySecret('jwt'),
  'a JWT by the JWT profile': () => issueByKey('jwt'),
  'a JWT of a person': () => issueByLogin('jwt'),
}

async function issueBySecret(type: 'opaque' | 'jwt'): Promise<Issued> {
  const user = await createAdmin(() => zitadel.createServiceAccount(type))
  const credentials = await zitadel.createServiceAccountSecret(user)
  return { user, token: await requestBySecret(zitadel.domain, credentials, scopesFor(guide.project)) }
}

async function issueByKey(type: 'opaque' | 'jwt'): Promise<Issued> {
  const user = await createAdmin(() => zitadel.createServiceAccount(type))
  const key = await zitadel.createServiceAccountKey(user)
  return { user, token: await requestByKey(zitadel.domain, key, scopesFor(guide.project)) }
}

async function issueByLogin(type: 'opaque' | 'jwt'): Promise<Issued> {
  const user = await createAdmin(() => zitadel.createPerson())
  return { user, token: await zitadel.logIn(user, guide.project, type) }
}

/** Every way to verify one. */
const ways: Readonly<Record<string, () => ZitadelAuthOptions>> = {
  'introspection by key': () => ({ domain: zitadel.domain, key: guide.key }),
  'introspection by secret': () => ({ domain: zitadel.domain, ...secret }),
  jwt: () => ({ domain: zitadel.domain, verification: 'jwt', projectId: guide.project.id }),
  auto: () => ({ domain: zitadel.domain, key: guide.key, verification: 'auto', projectId: guide.project.id }),
}

const role = { role: 'admin' }

describe.each(Object.entries(kinds))('%s', (kind, issue) => {
  let issued: Issued
  beforeAll(async () => {
    issued = await issue()
  })

  const isJwt = kind.startsWith('a JWT')
  const accepting = Object.entries(ways).filter(([way]) => way !== 'jwt' || isJwt)
  const refusing = Object.entries(ways).filter(([way]) => way === 'jwt' && !isJwt)

  it.each(accepting)('is accepted with its role by %s', async (_, toOptions) => {
    await createApi(toOptions()).untilGives(issued.user.id, issued.token, role)
  })

  it.each(refusing)('is refused by %s', async (_, toOptions) => {
    expect(await createApi(toOptions()).try(issued.token)).toBe('ERR_TOKEN_INVALID')
  })

  it.each(Object.entries(ways))('is refused by %s when a character of it is another', async (_, toOptions) => {
    const at = issued.token.length - 10
    const changed = issued.token[at] === 'A' ? 'B' : 'A'
    const forged = `${issued.token.slice(0, at)}${changed}${issued.token.slice(at + 1)}`
    expect(await createApi(toOptions()).try(forged)).toBe('ERR_TOKEN_INVALID')
  })
})

describe.each(Object.entries(kinds).slice(1))('%s for another project', (kind, issue) => {
  const isJwt = kind.startsWith('a JWT')
  const verifications = isJwt ? (['introspection', 'jwt', 'auto'] as const) : (['introspection', 'auto'] as const)

  it.each(verifications)('is refused with verification %s', async (verification) => {
    const { token } = await issue()
    const { project, key } = other
    const api = createApi({ domain: zitadel.domain, key, verification, projectId: project.id } as ZitadelAuthOptions)
    expect(await api.try(token)).toBe('ERR_TOKEN_INVALID')
  })
})
