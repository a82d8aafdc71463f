import { describe, expect, it } from 'vitest'
import { readOrigin } from '../src/origin.js'

describe('readOrigin', () => {
  it.each([
    ['my-domain.zitadel.cloud', 'https://my-domain.zitadel.cloud'],
    ['https://zitadel.example:8443', 'https://zitadel.example:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('takes %s', (domain, origin) => expect(readOrigin(domain)).toBe(origin))

  it.each([
    ['', /not a host name/],
    ['two words', /not a host name/],
    ['https://zitadel.example/oauth', /host name, or https/],
    ['https://somebody@zitadel.example', /host name, or https/],
    ['ftp://zitadel.example', /host name, or https/],
    ['http://zitadel.example', /plain http/],
    ['http://localhost.example', /plain http/],
  ])('refuses %j', (domain, reason) => expect(() => readOrigin(domain)).toThrow(reason))
})
