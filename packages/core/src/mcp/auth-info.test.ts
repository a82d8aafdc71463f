import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createContext } from '../../test/contexts.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { toAuthInfo } from './auth-info.js'

const options = { domain: 'zitadel.example', clientId: 'client-1', clientSecret: 'words' }

describe('toAuthInfo', () => {
  it('gives what the SDK wants to know of a token', () => {
    const context = createContext({ client_id: 'inspector', scope: 'openid email', exp: 1_800_000_000 })
    const auth = createZitadelAuth({ ...options, resource: 'https://api.example.com/mcp' })
    const info = toAuthInfo(context, auth)
    expect(info).toEqual({
      clientId: 'inspector',
      scopes: ['openid', 'email'],
      expiresAt: 1_800_000_000,
      resource: new URL('https://api.example.com/mcp'),
      resourceMetadataUrl: 'https://api.example.com/.well-known/oauth-protected-resource/mcp',
      extra: { authorization: context },
    })
    expect(info.token).toBe('token-of-ann')
  })

  it('names no resource where none is configured, or nobody says which', () => {
    const info = { clientId: 'ann', scopes: [], expiresAt: 253_402_300_799, extra: expect.anything() }
    expect(toAuthInfo(createContext())).toEqual(info)
    expect(toAuthInfo(createContext(), createZitadelAuth(options))).toEqual(info)
  })

  it('names the user in the place of a client, which a personal access token has not', () =>
    expect(toAuthInfo(createContext({ username: 'tasks-client' })).clientId).toBe('ann'))

  it('gives whole seconds, and the end of all years where ZITADEL does not say when the token expires', () => {
    expect(toAuthInfo(createContext({ exp: 1_800_000_000.9 })).expiresAt).toBe(1_800_000_000)
    expect(toAuthInfo(createContext()).expiresAt).toBe(253_402_300_799)
  })

  it('shows the token in no JSON, spread or log', () => {
    const info = toAuthInfo(createContext())
    const shown = [
      JSON.stringify(info),
      JSON.stringify({ ...info }),
      inspect(info, { depth: 9, getters: true }),
      format('%o', info),
    ]
    expect(shown.filter((text) => text.includes('token-of-ann'))).toEqual([])
  })

  it('gives each caller scopes of its own, which may be changed', () => {
    const context = createContext({ scope: 'openid' })
    toAuthInfo(context).scopes.push('admin')
    expect([toAuthInfo(context).scopes, context.scopes]).toEqual([['openid'], ['openid']])
  })
})
