import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { createTestFetchJson, setUpNetwork, transports } from '../../test/network.js'
import { instanceNotFound } from '../../test/recorded-answers.js'
import { toInternalHeaders } from './internal-address.js'
import { readProviderAddress } from './issuer.js'

const server = setUpNetwork()
const text = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
  new HttpResponse(body, { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } })

describe.each(transports)('by %s, fetchJson', (_, createTransport) => {
  function ask(options: { readonly domain: string; readonly internalUrl?: string }, answer: () => Response) {
    const address = readProviderAddress({ ...options, allowInsecureHttp: true })
    const url = new URL('/oauth/v2/keys', address.origin)
    server.use(http.get(url.href, () => answer()))
    const fetchJson = createTestFetchJson(undefined, createTransport())
    return fetchJson(url, { method: 'GET', headers: toInternalHeaders(address) })
  }

  const behindProxy = { domain: 'zitadel.example:8443', internalUrl: 'http://zitadel:8080' }
  const configure =
    'set domain to the name that is in its tokens, and internalUrl to where else this process reaches it'

  it('says by which name a ZITADEL was asked that has no such instance, and by which it calls itself', () =>
    expect(
      ask({ domain: 'http://zitadel:8080' }, () => instanceNotFound({ externalDomain: 'auth.example.com' })),
    ).rejects.toThrow(
      authorizationError(
        'ERR_CONFIGURATION',
        `ZITADEL knows no instance by the name zitadel:8080, and calls itself auth.example.com (asked at http://zitadel:8080): ${configure}`,
        { message: 'internal server error' },
      ),
    ))

  it('names the domain, and not the internal address, where the one was named at the other', () =>
    expect(ask(behindProxy, () => instanceNotFound({ externalDomain: 'auth.example.com' }))).rejects.toThrow(
      authorizationError(
        'ERR_CONFIGURATION',
        `ZITADEL knows no instance by the name zitadel.example:8443, and calls itself auth.example.com (asked at http://zitadel:8080): ${configure}`,
      ),
    ))

  const words = '(ExternalDomain is auth.example.com): ID=QUERY-1kIjX Message=Instance not found'
  for (const [what, answer] of [
    ['another page', () => text('404 page not found\n')],
    ['no domain', () => text('Instance not found')],
    ['another problem', () => text('(ExternalDomain is auth.example.com): ID=QUERY-1kIjX Message=Other words')],
    ['words in the place of the domain', () => text(words.replace('auth.example.com', 'words of somebody'))],
    ['a domain that is too long', () => text(words.replace('auth.example.com', 'a'.repeat(254)))],
    ['more than 2 KiB', () => text(words + ' '.repeat(2_048))],
    ['no UTF-8', () => text(new Uint8Array([0xff]))],
    ['a compression', () => text(words, { 'Content-Encoding': 'br' })],
    ['another type', () => text(words, { 'Content-Type': 'text/html' })],
  ] as const) {
    it(`gives status 404 with ${what} to the caller, unread`, async () =>
      expect(await ask({ domain: 'zitadel.example' }, answer)).toMatchObject({ status: 404, body: undefined }))
  }

  it('reads no other status so', async () =>
    expect(await ask({ domain: 'zitadel.example' }, () => new HttpResponse(words, { status: 403 }))).toMatchObject({
      status: 403,
      body: undefined,
    }))
})
