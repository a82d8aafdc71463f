import { describe, expect, it, vi } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { encode } from '../../test/signing-keys.js'
import { createRequestByIssuer } from './by-issuer.js'

const header = encode({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
const toJwt = (payload: object | string) => toToken(`${header}.${encode(payload)}.c2ln`)
const second = 'https://second.example'

function setUp(issuers: readonly string[] = [second]) {
  const toRequest = (name: string) => vi.fn(async () => ({ active: true, name }))
  const primary = toRequest('primary')
  const others = new Map(issuers.map((issuer) => [issuer, toRequest(issuer)]))
  return { request: createRequestByIssuer(primary, others), primary }
}

describe('createRequestByIssuer', () => {
  it('asks about a JWT under the name that issued it', async () => {
    const { request, primary } = setUp()
    expect(await request(toJwt({ iss: second }))).toMatchObject({ name: second })
    expect(primary).not.toHaveBeenCalled()
  })

  for (const [what, token] of [
    ['a JWT of the first name', toJwt({ iss: 'https://first.example' })],
    ['a JWT of a name that is not in the list', toJwt({ iss: 'https://stranger.example' })],
    ['a JWT that names the second as a part', toJwt({ iss: `${second}/` })],
    ['a JWT that names it in a list', toJwt({ iss: [second] })],
    ['a JWT without an issuer', toJwt({ sub: 'ann' })],
    ['a payload that is no JSON', toJwt('words')],
    ['an opaque token', toToken('opaque')],
  ] as const) {
    it(`asks about ${what} under the first name`, async () => {
      const { request, primary } = setUp()
      expect(await request(token)).toMatchObject({ name: 'primary' })
      expect(primary.mock.calls).toEqual([[token]])
    })
  }

  it('looks into no token where there is one name', () => {
    const { request, primary } = setUp([])
    expect(request).toBe(primary)
  })
})
