import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { createResourceEndpoint } from './resource-endpoint.js'

const options = { domain: 'zitadel.example', clientId: 'client-1', clientSecret: 'words' }

describe('createResourceEndpoint', () => {
  it('answers at the path of the metadata', () => {
    const auth = createZitadelAuth({ ...options, resource: 'https://api.example.com/mcp' })
    expect(createResourceEndpoint(auth).path).toBe('/.well-known/oauth-protected-resource/mcp')
  })

  it('takes an auth without a resource for a mistake', () =>
    expect(() => createResourceEndpoint(createZitadelAuth(options))).toThrow(
      typeError(expect.stringMatching(/^there is no resource whose metadata could be served/)),
    ))

  it.each([undefined, null, {}, 'auth'])('takes %j for no auth', (auth) =>
    expect(() => createResourceEndpoint(auth as never)).toThrow(
      typeError(expect.stringMatching(/^the first argument is not a ZitadelAuth/)),
    ),
  )
})
