import { describe, expect, it, vi } from 'vitest'
import {
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  refuse,
  requireAuthorization,
} from '../src/index.js'
import { ask, read, setUp } from './set-up.js'

describe('getAuthorization', () => {
  it('gives who makes a request that a gate let pass', async () => {
    const { auth, token, user } = await setUp()
    const request = ask(token)
    await requireAuthorization(auth)(request)
    expect(getAuthorization(request).userId).toBe(user.id)
  })

  it('finds what another copy of the package has found out', async () => {
    const { auth, token, user } = await setUp()
    vi.resetModules()
    const copy = await import('../src/index.js')
    expect(copy.requireAuthorization).not.toBe(requireAuthorization)
    const request = ask(token)
    await copy.requireAuthorization(auth)(request)
    expect(getAuthorization(request).userId).toBe(user.id)
  })

  it('throws for a request that no gate has seen, that one has refused, and for a copy', async () => {
    const { auth, token } = await setUp()
    const gate = requireAuthorization(auth)
    const [unseen, refused, seen] = [ask(token), ask(), ask(token)]
    await Promise.all([gate(refused), gate(seen)])
    for (const request of [unseen, refused, seen.clone(), new Request(seen)]) {
      expect(() => getAuthorization(request)).toThrow(
        'not protected: give it to the gate of requireAuthorization(auth)',
      )
    }
  })

  it('throws for an anonymous request', async () => {
    const { auth } = await setUp()
    const request = ask()
    await optionalAuthorization(auth)(request)
    expect(() => getAuthorization(request)).toThrow(TypeError)
  })

  it('leaves nothing on the request that shows', async () => {
    const { auth, token } = await setUp()
    const request = ask(token)
    await requireAuthorization(auth)(request)
    expect([Object.keys(request), JSON.stringify(request)]).toEqual([[], '{}'])
  })
})

describe('getOptionalAuthorization', () => {
  it('throws for a request that no gate has seen, rather than take it for an anonymous one', async () => {
    expect(() => getOptionalAuthorization(ask())).toThrow('no gate has seen')
  })
})

describe('authorize', () => {
  it('lets pass who meets the requirement, and throws what refuse answers', async () => {
    const { auth, token, user, zitadel, project } = await setUp()
    const request = ask(token)
    await requireAuthorization(auth)(request)
    let thrown: unknown
    expect(() => authorize(request, { role: 'admin' })).toThrow(
      expect.toSatisfy((error: unknown) => {
        thrown = error
        return true
      }),
    )
    expect(await read(refuse(auth, thrown))).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    })
    zitadel.grantRole(user, { project, role: 'admin' })
    const later = ask(token)
    await requireAuthorization(auth, { role: 'admin' })(later)
    authorize(later, { role: 'admin' })
  })
})

describe('refuse', () => {
  it('gives nothing for an error of the application, whatever it looks like', async () => {
    const { auth } = await setUp()
    const error = Object.assign(new Error('crash'), { code: 'ERR_TOKEN_INVALID', status: 401, headers: {} })
    expect(refuse(auth, error)).toBe(undefined)
  })
})
