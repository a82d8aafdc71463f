import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authorizationError, typeError } from '../../test/expected-errors.js'
import { readAuthorizationHeader } from './authorization-header.js'
import { type AuthorizationHeader, readBearerToken } from './bearer-token.js'

/** Sends header lines as they are, and gives what a server of node:http reads of them behind a middleware. */
async function sendHeaders(
  lines: readonly string[],
  middleware: (request: IncomingMessage) => void = () => {},
): Promise<AuthorizationHeader> {
  const server = createServer((request, response) => {
    middleware(request)
    response.end(JSON.stringify([readAuthorizationHeader(request)]))
  })
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(['GET / HTTP/1.1', 'Host: api', ...lines, 'Connection: close', '', ''].join('\r\n'))
  const chunks = await socket.setEncoding('utf8').toArray()
  return JSON.parse(chunks.join('').split('\r\n\r\n')[1] ?? '')[0] ?? undefined
}

describe('readAuthorizationHeader', () => {
  it('gives undefined without the header', async () => expect(await sendHeaders([])).toBeUndefined())

  it('gives the one value', async () => expect(await sendHeaders(['Authorization: Bearer one'])).toBe('Bearer one'))

  it('passes over other headers, also one whose name is as long', async () =>
    expect(await sendHeaders(['Last-Modified: Bearer zero', 'X: Bearer zero', 'Authorization: Bearer one'])).toBe(
      'Bearer one',
    ))

  it('gives every value of a repeated header, of which node:http keeps the first', async () =>
    expect(await sendHeaders(['Authorization: Bearer one', 'authorization: Bearer two'])).toEqual([
      'Bearer one',
      'Bearer two',
    ]))

  it('gives what a middleware has put in its place', async () =>
    expect(
      await sendHeaders(['Authorization: Bearer one', 'Authorization: Bearer two'], ({ headers }) => {
        headers.authorization = 'Bearer of-a-cookie'
      }),
    ).toBe('Bearer of-a-cookie'))

  it('gives undefined where a middleware has removed it', async () =>
    expect(
      await sendHeaders(['Authorization: Bearer one'], ({ headers }) => {
        delete headers.authorization
      }),
    ).toBeUndefined())

  const twice: [string, string][] = [
    ['Authorization', 'Bearer one'],
    ['authorization', 'Bearer two'],
  ]
  const accepted: readonly (readonly [string, Parameters<typeof readAuthorizationHeader>[0], AuthorizationHeader])[] = [
    ['headers alone', { headers: { authorization: 'Bearer one' } }, 'Bearer one'],
    ['headers as the client wrote them', { headers: { Authorization: 'Bearer one' } }, 'Bearer one'],
    ['headers in capitals', { headers: { AUTHORIZATION: 'Bearer one' } }, 'Bearer one'],
    ['two spellings', { headers: Object.fromEntries(twice) }, ['Bearer one', 'Bearer two']],
    ['a list of one', { headers: { authorization: ['Bearer one'] } }, 'Bearer one'],
    ['a list of two', { headers: { Authorization: ['Bearer one', 'Bearer two'] } }, ['Bearer one', 'Bearer two']],
    ['an empty list', { headers: { authorization: [] } }, undefined],
    ['undefined', { headers: { authorization: undefined } }, undefined],
    ['null', { headers: { Authorization: null } }, undefined],
    ['no headers', { headers: {} }, undefined],
    ['a header of the same length', { headers: { 'last-modified': 'Bearer zero' } }, undefined],
    ['a header with the name "get"', { headers: { get: 'Bearer zero', authorization: 'Bearer one' } }, 'Bearer one'],
    ['no raw headers', { headers: { authorization: 'Bearer one' }, rawHeaders: undefined }, 'Bearer one'],
    ['raw headers that a test left empty', { headers: { authorization: 'Bearer one' }, rawHeaders: [] }, 'Bearer one'],
    ['a Request', new Request('http://api', { headers: { authorization: 'Bearer one' } }), 'Bearer one'],
    ['a Request without the header', new Request('http://api'), null],
    ['a Request with two values', new Request('http://api', { headers: twice }), 'Bearer one, Bearer two'],
    ['Headers of a polyfill', { headers: { get: (name) => `Bearer of ${name}` } }, 'Bearer of authorization'],
    ['a Map in the place of Headers', { headers: new Map([['authorization', 'Bearer one']]) as never }, 'Bearer one'],
  ]
  for (const [what, request, expected] of accepted) {
    it(`reads a request with ${what}`, () => expect(readAuthorizationHeader(request)).toEqual(expected))
  }

  for (const [what, request] of [
    ['two spellings', { headers: Object.fromEntries(twice) }],
    ['a list of two', { headers: { authorization: ['Bearer one', 'Bearer two'] } }],
    ['a Request with two values, which it joins', new Request('http://api', { headers: twice })],
    [
      'a Request with one value twice',
      new Request('http://api', { headers: [...twice.slice(0, 1), ...twice.slice(0, 1)] }),
    ],
  ] as const) {
    it(`gives what readBearerToken refuses for ${what}`, () =>
      expect(() => readBearerToken(readAuthorizationHeader(request))).toThrow(
        authorizationError('ERR_REQUEST_MALFORMED', expect.any(String)),
      ))
  }

  for (const request of [
    undefined,
    null,
    'Bearer one',
    7,
    {},
    { headers: undefined },
    { headers: null },
    { headers: 'a' },
  ]) {
    it(`takes ${JSON.stringify(request)} in the place of a request for a mistake`, () =>
      expect(() => readAuthorizationHeader(request as never)).toThrow(
        typeError('readAuthorizationHeader takes a request, which has headers'),
      ))
  }
})
