import { describe, expect, it } from 'vitest'
import { typeError } from '../test/expected-errors.js'
import { readOptions } from './read-options.js'

const projectId = '148'
const good = { domain: 'zitadel.example', clientId: 'client-1', clientSecret: 'words' }
const read = (options: object) => readOptions({ ...good, ...options }).resource

const shape =
  'the resource must be like https://api.example.com/mcp, without a slash at its end, query, fragment or credentials'
const audience = `urn:zitadel:iam:org:project:id:${projectId}:aud`

describe('the option resource', () => {
  it('is none by default', () => expect(read({})).toBeUndefined())

  it.each([
    ['https://api.example.com', ''],
    ['https://api.example.com/mcp', '/mcp'],
    ['https://api.example.com:8443/a/b', '/a/b'],
    ['https://api.example.com/a//b', '/a//b'],
    ['https://api.example.com/a%20b', '/a%20b'],
    ['https://xn--bcher-kva.example/mcp', '/mcp'],
    ['http://localhost:3000/mcp', '/mcp'],
    ['http://127.0.0.1:3000', ''],
    ['http://[::1]:3000/mcp', '/mcp'],
  ])('keeps %s as it is, and puts the path of the metadata between its host and its path', (resource, end) => {
    const path = `/.well-known/oauth-protected-resource${end}`
    expect(read({ resource })).toEqual({
      document: {
        resource,
        authorization_servers: ['https://zitadel.example'],
        bearer_methods_supported: ['header'],
      },
      path,
      url: resource.slice(0, resource.length - end.length) + path,
    })
  })

  it.each([
    ['https://api.example.com/', ': perhaps https://api.example.com'],
    ['https://api.example.com/mcp/', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/mcp//', ': perhaps https://api.example.com/mcp/'],
    ['https://api.example.com/mcp#', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/mcp#part', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/mcp?', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/mcp?key=hidden', ': perhaps https://api.example.com/mcp'],
    ['https://ann:hidden@api.example.com/mcp', ': perhaps https://api.example.com/mcp'],
    ['https://API.example.com/mcp', ': perhaps https://api.example.com/mcp'],
    ['HTTPS://api.example.com/mcp', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com:443/mcp', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/a/../mcp', ': perhaps https://api.example.com/mcp'],
    [' https://api.example.com/mcp', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/mcp\n', ': perhaps https://api.example.com/mcp'],
    ['https://api.example.com/m cp', ': perhaps https://api.example.com/m%20cp'],
    ['https://b\u00fccher.example/mcp', ': perhaps https://xn--bcher-kva.example/mcp'],
  ])('takes %j for a mistake, since clients would make something else of it', (resource, advice) =>
    expect(() => read({ resource })).toThrow(typeError(shape + advice)),
  )

  it.each(['', 'api.example.com/mcp', '/mcp', 'https://', 'urn:api', null, 7, {}, new URL('https://api.example.com')])(
    'takes %j for a mistake',
    (resource) => expect(() => read({ resource })).toThrow(typeError(expect.stringContaining(shape))),
  )

  it('takes plain http to another machine for a mistake, unless that is allowed', () => {
    const resource = 'http://api.example.com/mcp'
    expect(() => read({ resource })).toThrow(
      typeError(expect.stringMatching(/^the resource is plain http to a host that is not this machine/)),
    )
    expect(read({ resource, allowInsecureHttp: true })?.document.resource).toBe(resource)
  })

  it('takes another scheme for a mistake', () =>
    expect(() => read({ resource: 'ftp://api.example.com/mcp' })).toThrow(typeError(expect.stringContaining(shape))))

  it.each(['resource', 'resourceName'])('takes a %s that is there and undefined for a mistake', (name) =>
    expect(() => read({ [name]: undefined })).toThrow(
      typeError(`${name} is undefined: is the environment variable set?`),
    ),
  )

  const resource = 'https://api.example.com/mcp'

  it('tells the scopes where the project is known', () =>
    expect(read({ resource, projectId })?.document.scopes_supported).toEqual(['openid', audience]))

  it('tells the scope of the roles where tokens must hold them', () =>
    expect(read({ resource, projectId, verification: 'jwt' })?.document.scopes_supported).toEqual([
      'openid',
      audience,
      'urn:zitadel:iam:org:projects:roles',
    ]))

  it('tells every name of the instance', () =>
    expect(read({ resource, domain: ['a.example', 'b.example'] })?.document.authorization_servers).toEqual([
      'https://a.example',
      'https://b.example',
    ]))

  it('tells a name for people', () =>
    expect(read({ resource, resourceName: 'Tasks' })?.document.resource_name).toBe('Tasks'))

  it.each(['', 7, null])('takes the name %j for a mistake', (resourceName) =>
    expect(() => read({ resource, resourceName })).toThrow(typeError('resourceName is a text that is not empty')),
  )

  it('takes a name without a resource for a mistake', () =>
    expect(() => read({ resourceName: 'Tasks' })).toThrow(typeError('resourceName goes with resource')))

  it('is frozen, all the way down', () => {
    const metadata = read({ resource, projectId })
    const { authorization_servers, scopes_supported, bearer_methods_supported } = metadata?.document ?? {}
    const all = [metadata, metadata?.document, authorization_servers, scopes_supported, bearer_methods_supported]
    expect(all.map((one) => Object(one) === one && Object.isFrozen(one))).toEqual([true, true, true, true, true])
  })
})
