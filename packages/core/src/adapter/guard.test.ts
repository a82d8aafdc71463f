import { describe, expect, it, vi } from 'vitest'
import { granting } from '../../test/contexts.js'
import { authorizationError, typeError } from '../../test/expected-errors.js'
import { issuer, startFakeZitadel } from '../../test/fake-zitadel.js'
import { setUpNetwork } from '../../test/network.js'
import { createZitadelAuth, type ZitadelAuth } from '../zitadel-auth.js'
import { createGuard } from './guard.js'

const server = setUpNetwork()
const header = 'Bearer token-of-ann'
const kinds = ['required', 'optional'] as const
const denied = authorizationError('ERR_PERMISSION_DENIED', 'missing required role: `admin`')
const noRequirement = 'a requirement is true, which every good token meets, or an object'
const noAuth = 'the first argument is not a ZitadelAuth: give what createZitadelAuth returns'

/** A request of some framework. */
interface TestRequest {
  readonly organization: string
}
const request: TestRequest = { organization: 'org1' }

function setUp(claims: object = {}) {
  const zitadel = startFakeZitadel(server)
  zitadel.tokens.set('token-of-ann', { sub: 'ann', aud: ['client-1'], exp: 253_402_300_799, ...claims })
  const auth = createZitadelAuth({ domain: issuer, clientId: 'client-1', clientSecret: 'words', projectId: 'p1' })
  return { auth, asked: () => zitadel.counts().introspection }
}

const admin = { aud: ['p1'], 'urn:zitadel:iam:org:project:p1:roles': { admin: { org1: '' } } }

describe('createGuard', () => {
  for (const kind of kinds) {
    it(`lets every good token pass without a requirement, and with true, where credentials are ${kind}`, async () => {
      const { auth } = setUp()
      for (const given of [[], [true]] as const) {
        expect(await createGuard(auth, kind, given).admit(header, request)).toMatchObject({ userId: 'ann' })
      }
    })

    it(`refuses a bad token where credentials are ${kind}`, () =>
      expect(createGuard(setUp().auth, kind, []).admit('Bearer token-of-nobody', request)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.any(String)),
      ))

    it(`lets pass what meets the requirement, and nothing else, where credentials are ${kind}`, async () => {
      const guardOf = (claims: object) => createGuard(setUp(claims).auth, kind, [{ role: 'admin' }])
      await expect(guardOf(granting({ admin: { org1: '' } })).admit(header, request)).rejects.toThrow(denied)
      expect(await guardOf(admin).admit(header, request)).toMatchObject({ userId: 'ann' })
    })

    it(`asks a function of the request for the requirement, where credentials are ${kind}`, async () => {
      const requirement = vi.fn(({ organization }: TestRequest) => ({ role: 'admin', inOrganization: organization }))
      const guard = createGuard(setUp(admin).auth, kind, [requirement])
      expect(await guard.admit(header, request)).toMatchObject({ userId: 'ann' })
      await expect(guard.admit(header, { organization: 'org2' })).rejects.toThrow(denied)
      expect(requirement.mock.calls).toEqual([[request], [{ organization: 'org2' }]])
    })

    it(`asks no function about a bad token, where credentials are ${kind}`, async () => {
      const requirement = vi.fn(() => true as const)
      const guard = createGuard(setUp().auth, kind, [requirement])
      await expect(guard.admit('Bearer token-of-nobody', request)).rejects.toThrow()
      expect(requirement).not.toHaveBeenCalled()
    })

    it(`lets nobody pass where the function gives undefined, and credentials are ${kind}`, () =>
      expect(createGuard(setUp().auth, kind, [() => undefined]).admit(header, request)).rejects.toThrow(
        typeError(`${noRequirement}, and this one is undefined`),
      ))

    for (const [given, message] of [
      [undefined, `${noRequirement}, and this one is undefined`],
      [null, `${noRequirement}, and this one is null`],
      [false, noRequirement],
      ['admin', noRequirement],
      [{}, 'the requirement is empty: give true to let every good token pass'],
      [{ rol: 'admin' }, expect.stringMatching(/^the requirement has an unknown member "rol"/)],
      [{ role: 'admin', inProject: 'p2' }, expect.stringMatching(/^a requirement asks for a role in the project p2/)],
    ] as const) {
      it(`takes ${JSON.stringify(given)} for a mistake before any request, where credentials are ${kind}`, () => {
        const { auth, asked } = setUp()
        expect(() => createGuard(auth, kind, [given])).toThrow(typeError(message))
        expect(asked()).toBe(0)
      })
    }
  }

  it('refuses a request without credentials where they are required', () =>
    expect(createGuard(setUp().auth, 'required', []).admit(undefined, request)).rejects.toThrow(
      authorizationError('ERR_TOKEN_MISSING', expect.any(String)),
    ))

  it('gives undefined for a request without credentials where they are optional, whatever is required', async () => {
    const requirement = vi.fn(() => true as const)
    for (const given of [[], [{ role: 'admin' }], [requirement]]) {
      expect(await createGuard(setUp().auth, 'optional', given).admit(undefined, request)).toBeUndefined()
    }
    expect(requirement).not.toHaveBeenCalled()
  })

  it('does not let a requirement be changed after it was read', async () => {
    const requirement = { role: 'admin' }
    const guard = createGuard(setUp(granting({ anybody: { org1: '' } })).auth, 'required', [requirement])
    requirement.role = 'anybody'
    await expect(guard.admit(header, request)).rejects.toThrow(denied)
  })

  it('leaves the options of an adapter alone, which follow the requirement', async () =>
    expect(await createGuard(setUp().auth, 'required', [true, { role: 'admin' }]).admit(header, request)).toMatchObject(
      {
        userId: 'ann',
      },
    ))

  for (const value of [undefined, null, 'auth', 7, {}, createZitadelAuth, Promise.resolve()]) {
    it(`takes ${typeof value} ${JSON.stringify(value)} in the place of auth for a mistake`, () =>
      expect(() => createGuard(value as never, 'required', [])).toThrow(typeError(noAuth)))
  }

  for (const name of ['authenticate', 'authenticateOptional', 'readRequirement', 'refusal'] as const) {
    it(`takes an auth without ${name} for a mistake`, () => {
      const { [name]: _, ...rest }: ZitadelAuth = setUp().auth
      expect(() => createGuard(rest as ZitadelAuth, 'required', [])).toThrow(typeError(noAuth))
    })
  }
})
