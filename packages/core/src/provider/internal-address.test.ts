import { describe, expect, it } from 'vitest'
import { toInternalHeaders, toInternalUrl } from './internal-address.js'
import { readProviderAddress } from './issuer.js'

const direct = readProviderAddress({ domain: 'zitadel.example:8443' })
const internal = readProviderAddress({ domain: 'zitadel.example:8443', internalUrl: 'http://localhost:8080' })

describe('toInternalHeaders', () => {
  it('gives none where ZITADEL is asked by its public name', () => expect(toInternalHeaders(direct)).toEqual({}))

  it('names the public host, port included, behind an internal address', () =>
    expect(toInternalHeaders(internal)).toEqual({
      'x-zitadel-instance-host': 'zitadel.example:8443',
      'x-zitadel-public-host': 'zitadel.example:8443',
      'x-forwarded-proto': 'https',
    }))
})

describe('toInternalUrl', () => {
  for (const [what, endpoint, address, expected] of [
    ['keeps a public endpoint', 'https://zitadel.example:8443/a?b=c', direct, 'https://zitadel.example:8443/a?b=c'],
    [
      'moves an endpoint of the issuer inside',
      'https://zitadel.example:8443/a?b=c',
      internal,
      'http://localhost:8080/a?b=c',
    ],
    ['keeps an endpoint on another host', 'https://other.example/a', internal, 'https://other.example/a'],
    ['keeps an endpoint on another port', 'https://zitadel.example/a', internal, 'https://zitadel.example/a'],
    [
      'keeps the host of an endpoint whose path starts with two slashes',
      'https://zitadel.example:8443//evil.example/a',
      internal,
      'http://localhost:8080//evil.example/a',
    ],
  ] as const) {
    it(what, () => expect(toInternalUrl(new URL(endpoint), address).href).toBe(expected))
  }
})
