import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readAuthorizationHeader } from './authorization-header.js'
import type { AuthorizationHeader } from './bearer-token.js'

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

  it('gives the one value, in a list', async () =>
    expect(await sendHeaders(['Authorization: Bearer one'])).toEqual(['Bearer one']))

  it('passes over other headers, also one whose name is as long', async () =>
    expect(await sendHeaders(['Last-Modified: Bearer zero', 'X: Bearer zero', 'Authorization: Bearer one'])).toEqual([
      'Bearer one',
    ]))

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

  it('reads a request that has headers alone', () =>
    expect(readAuthorizationHeader({ headers: { authorization: 'Bearer one' } })).toBe('Bearer one'))
})
