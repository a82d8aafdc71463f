import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { type EndpointOptions, readEndpoints } from './endpoints.js'
import { readProviderAddress } from './issuer.js'

const address = readProviderAddress({ domain: 'zitadel.example' })
const introspection = 'https://zitadel.example/oauth/v2/introspect'
const keys = 'https://zitadel.example/oauth/v2/keys'

describe('readEndpoints', () => {
  for (const [verification, given] of [
    ['introspection', { introspection, keys }],
    ['jwt', { keys }],
    ['auto', { introspection, keys }],
  ] as const) {
    it(`reads ${Object.keys(given).join(' and ')} for ${verification}`, () => {
      const { introspectionEndpoint, jwksUri } = readEndpoints(given, verification, address)
      expect({ introspection: introspectionEndpoint?.href, keys: jwksUri?.href }).toEqual({
        introspection: undefined,
        ...given,
      })
    })
  }

  it('reaches an endpoint under the public name at the internal address, and any other where it is', () => {
    const internal = readProviderAddress({ domain: 'zitadel.example', internalUrl: 'http://localhost:8080' })
    const elsewhere = 'https://keys.example/keys'
    const read = readEndpoints({ introspection, keys: elsewhere }, 'auto', internal)
    expect([read.introspectionEndpoint?.href, read.jwksUri?.href]).toEqual([
      'http://localhost:8080/oauth/v2/introspect',
      elsewhere,
    ])
  })

  for (const [verification, given, message] of [
    ['introspection', {}, 'endpoints.introspection is needed, and is a URL'],
    ['introspection', { introspection }, 'endpoints.keys is needed, and is a URL'],
    ['introspection', { keys }, 'endpoints.introspection is needed, and is a URL'],
    ['jwt', { introspection }, 'endpoints.keys is needed, and is a URL'],
    ['auto', { introspection }, 'endpoints.keys is needed, and is a URL'],
    ['jwt', { keys: undefined }, 'endpoints.keys is needed, and is a URL'],
    ['jwt', { keys: '/oauth/v2/keys' }, 'endpoints.keys is needed, and is a URL'],
    ['jwt', { keys: 5 }, 'endpoints.keys is needed, and is a URL'],
    ['jwt', { keys: 'ftp://zitadel.example/keys' }, 'endpoints.keys is needed, and is a URL'],
    ['jwt', { keys: 'http://zitadel.example/keys' }, expect.stringMatching(/^endpoints.keys is plain http/)],
    ['jwt', { keys, jwks: keys }, expect.stringMatching(/^unknown member of endpoints "jwks"/)],
    ['jwt', null, 'endpoints is an object'],
    ['jwt', keys, 'endpoints is an object'],
  ] as const) {
    it(`refuses ${JSON.stringify(given)} for ${verification}`, () =>
      expect(() => readEndpoints(given as unknown as EndpointOptions, verification, address)).toThrow(
        typeError(message),
      ))
  }
})
