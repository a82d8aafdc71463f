import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { readProviderAddress } from './issuer.js'

const help = (name: string) =>
  `the ${name} must be like my-domain.zitadel.cloud, https://my-domain.zitadel.cloud or http://localhost:8080`
const insecure = (what: string) =>
  `${what} is plain http to a host that is not this machine, where tokens can be read on the way: use https, or set allowInsecureHttp`

describe('readProviderAddress', () => {
  for (const [domain, issuer] of [
    ['my-domain.zitadel.cloud', 'https://my-domain.zitadel.cloud'],
    ['https://my-domain.zitadel.cloud', 'https://my-domain.zitadel.cloud'],
    ['https://my-domain.zitadel.cloud/', 'https://my-domain.zitadel.cloud'],
    ['my-domain.zitadel.cloud/', 'https://my-domain.zitadel.cloud'],
    ['HTTPS://My-Domain.ZITADEL.cloud', 'https://my-domain.zitadel.cloud'],
    ['https://my-domain.zitadel.cloud:443', 'https://my-domain.zitadel.cloud'],
    ['my-domain.zitadel.cloud:8443', 'https://my-domain.zitadel.cloud:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://zitadel.localhost:8080', 'http://zitadel.localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://127.10.200.30', 'http://127.10.200.30'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ] as const) {
    it(`reads ${domain} as ${issuer}`, () =>
      expect(readProviderAddress({ domain })).toMatchObject({ issuer, origin: issuer }))
  }

  for (const [domain, problem] of [
    [undefined, `the domain is missing: ${help('domain')}`],
    [null, `the domain is missing: ${help('domain')}`],
    ['', `the domain is missing: ${help('domain')}`],
    [7, `the domain is missing: ${help('domain')}`],
    [' my-domain.zitadel.cloud', `the domain is not a host name or URL: ${help('domain')}`],
    ['my domain', `the domain is not a host name or URL: ${help('domain')}`],
    ['my-domain.zitadel.cloud\n', `the domain is not a host name or URL: ${help('domain')}`],
    ['https:\\\\my-domain.zitadel.cloud', `the domain is not a host name or URL: ${help('domain')}`],
    ['https://user:word@my-domain.zitadel.cloud', `the domain is not a host name or URL: ${help('domain')}`],
    ['https://my-domain.zitadel.cloud?x=1', `the domain is not a host name or URL: ${help('domain')}`],
    ['https://my-domain.zitadel.cloud#x', `the domain is not a host name or URL: ${help('domain')}`],
    ['https://', `the domain is not a host name or URL: ${help('domain')}`],
    ['my-domain.zitadel.cloud:99999', `the domain is not a host name or URL: ${help('domain')}`],
    ['ftp://my-domain.zitadel.cloud', `the domain is not a web address: ${help('domain')}`],
    ['ws://my-domain.zitadel.cloud', `the domain is not a web address: ${help('domain')}`],
    ['https://my-domain.zitadel.cloud/oauth', `the domain has a path: ${help('domain')}`],
    ['my-domain.zitadel.cloud/oauth', `the domain has a path: ${help('domain')}`],
    ['http://my-domain.zitadel.cloud', insecure('the domain')],
    ['http://10.0.0.1', insecure('the domain')],
    ['http://localhost.evil.example', insecure('the domain')],
    ['http://127.0.0.1.evil.example', insecure('the domain')],
    ['http://evil-localhost', insecure('the domain')],
    ['http://[::2]', insecure('the domain')],
  ] as const) {
    it(`takes ${JSON.stringify(domain)} for a mistake`, () =>
      expect(() => readProviderAddress({ domain: domain as string })).toThrow(typeError(problem)))
  }

  it('sends requests to the internal address, and keeps the public issuer', () =>
    expect(
      readProviderAddress({ domain: 'zitadel.example', internalUrl: 'https://zitadel.internal:8080/' }),
    ).toMatchObject({ issuer: 'https://zitadel.example', origin: 'https://zitadel.internal:8080' }))

  for (const [internalUrl, problem] of [
    ['', `the internalUrl is missing: ${help('internalUrl')}`],
    ['http://zitadel.internal', insecure('the internalUrl')],
    ['https://zitadel.internal/path', `the internalUrl has a path: ${help('internalUrl')}`],
  ] as const) {
    it(`takes the internal address ${JSON.stringify(internalUrl)} for a mistake`, () =>
      expect(() => readProviderAddress({ domain: 'zitadel.example', internalUrl })).toThrow(typeError(problem)))
  }

  it('takes plain http to any host where it is allowed', () =>
    expect(
      readProviderAddress({
        domain: 'http://zitadel.example',
        internalUrl: 'http://zitadel.internal:8080',
        allowInsecureHttp: true,
      }),
    ).toMatchObject({ issuer: 'http://zitadel.example', origin: 'http://zitadel.internal:8080' }))

  it('requires https of endpoints, except on this machine (RFC 6761 section 6.3)', () => {
    const { requireSecure } = readProviderAddress({ domain: 'zitadel.example' })
    expect(requireSecure(new URL('https://zitadel.example/x'), 'the endpoint')).toBeUndefined()
    expect(requireSecure(new URL('http://zitadel.localhost/x'), 'the endpoint')).toBeUndefined()
    expect(() => requireSecure(new URL('http://zitadel.example/x'), 'the endpoint')).toThrow(
      typeError(insecure('the endpoint')),
    )
  })
})
