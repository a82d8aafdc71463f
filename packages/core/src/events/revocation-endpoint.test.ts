import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createRevocationEndpoint } from './revocation-endpoint.js'

const auth = { forget: () => {}, forgetAll: () => {} }

describe('createRevocationEndpoint', () => {
  for (const options of [
    {},
    { signingKey: undefined },
    { signingKey: '' },
    { signingKey: 'a', toleranceSeconds: -1 },
    { readLogoutToken: undefined },
    { readLogoutToken: {} },
    { signingKey: 'a', readLogoutToken: undefined },
    { signingKey: 'a', logger: {} },
    { signingKey: 'a', clock: {} },
    { signingKey: 'a', secret: 'b' },
  ]) {
    it(`does not start with ${inspect(options)}`, () =>
      expect(() => createRevocationEndpoint(auth, options as object)).toThrow(TypeError))
  }

  for (const other of [undefined, {}, { forget: () => {} }]) {
    it(`does not take ${inspect(other)} for a ZitadelAuth`, () =>
      expect(() => createRevocationEndpoint(other as never, { signingKey: 'a' })).toThrow(/auth, the first argument/))
  }

  it('forgets everything where a logout names a session and no user', async () => {
    const told: string[] = []
    const forgetful = { forget: () => void told.push('one'), forgetAll: () => void told.push('all') }
    const readLogoutToken = async () => ({ userId: undefined }) as never
    const { answer } = createRevocationEndpoint(forgetful, { readLogoutToken })
    const request = {
      method: 'POST',
      header: () => 'application/x-www-form-urlencoded',
      readBody: async () => new TextEncoder().encode('logout_token=a'),
    }

    expect(await answer(request)).toMatchObject({ status: 200 })
    expect(told).toEqual(['all'])
  })

  it('hands on what a reader of the application throws', async () => {
    const readLogoutToken = async () => Promise.reject(new RangeError('of the application'))
    const { answer } = createRevocationEndpoint(auth, { readLogoutToken })
    const request = {
      method: 'POST',
      header: () => 'application/x-www-form-urlencoded;charset=utf-8',
      readBody: async () => new Uint8Array(),
    }

    await expect(answer(request)).rejects.toThrow(RangeError)
  })
})
