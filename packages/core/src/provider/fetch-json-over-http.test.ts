import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { createRestlessClock, globalFetch } from '../../test/network.js'
import { createFetchJson } from './fetch-json.js'

const json = { 'Content-Type': 'application/json' }
const get = { method: 'GET' } as const

/** A real server, for what no stand-in of the network shows: compression, broken connections and bodies that hang. */
async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const ask = (url: URL, timeoutMs = 5_000) =>
  createFetchJson({ fetch: globalFetch, timeoutMs, clock: createRestlessClock() })(url, get)

describe('createFetchJson over HTTP', () => {
  it('reads a compressed answer', async () => {
    const body = gzipSync('{"good":true}')
    const url = await serve((_, response) => response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(body))
    expect(await ask(url)).toMatchObject({ status: 200, body: { good: true } })
  })

  it('takes https to a server of plain http for a mistake, and asks no more', async () => {
    const { host } = await serve((_, response) => response.end())
    await expect(ask(new URL(`https://${host}`))).rejects.toThrow(
      authorizationError(
        'ERR_CONFIGURATION',
        `${host} does not speak https: for a ZITADEL on this machine write http://${host}`,
      ),
    )
  })

  it('refuses a small answer that unpacks to more than 1 MiB', async () => {
    const body = gzipSync(Buffer.from(`"${'a'.repeat(8 * 1024 * 1024)}"`))
    expect(body.length).toBeLessThan(64 * 1024)
    const listener = vi.fn<RequestListener>((_, response) =>
      response.writeHead(200, { ...json, 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body),
    )
    const url = await serve(listener)
    await expect(ask(url)).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host}: the answer has more than 1048576 bytes`),
    )
    expect(listener).toHaveBeenCalledTimes(1)
  })

  for (const [what, listener] of [
    ['no answer', () => {}],
    ['headers and no body', (_, response) => response.writeHead(200, json).flushHeaders()],
    ['half a body', (_, response) => response.writeHead(200, json).write('{"active":')],
  ] as const satisfies readonly (readonly [string, RequestListener])[]) {
    it(`gives up at the deadline over ${what}, and does not ask again`, async () => {
      const spy = vi.fn<RequestListener>(listener)
      const url = await serve(spy)
      await expect(ask(url, 250)).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host} did not answer in time`, {
          cause: expect.objectContaining({ name: 'TimeoutError' }),
        }),
      )
      expect(spy).toHaveBeenCalledTimes(1)
    })
  }

  it('has one deadline, the second attempt included', async () => {
    const listener = vi
      .fn<RequestListener>(() => {})
      .mockImplementationOnce((_, response) => response.writeHead(503).end())
    const url = await serve(listener)
    await expect(ask(url, 500)).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host} did not answer in time`),
    )
    expect(listener).toHaveBeenCalledTimes(2)
  })

  for (const [what, breakOff] of [
    ['before it answers', ((request) => request.socket.destroy()) as RequestListener],
    [
      'in the middle of its answer',
      ((request, response) => {
        response.writeHead(200, { ...json, 'Content-Length': 100 }).write('{"good":', () => request.socket.destroy())
      }) as RequestListener,
    ],
  ] as const) {
    it(`asks once more when the connection breaks ${what}`, async () => {
      const listener = vi
        .fn<RequestListener>((_, response) => response.writeHead(200, json).end('{"good":true}'))
        .mockImplementationOnce(breakOff)
      expect(await ask(await serve(listener))).toMatchObject({ status: 200, body: { good: true } })
      expect(listener).toHaveBeenCalledTimes(2)
    })
  }

  it('says that nobody listens', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    await expect(ask(new URL(`http://127.0.0.1:${port}/`))).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', `127.0.0.1:${port} cannot be reached (ECONNREFUSED)`),
    )
  })

  for (const status of [301, 302, 307, 308]) {
    it(`does not follow a redirect with status ${status}`, async () => {
      const listener = vi.fn<RequestListener>((_, response) =>
        response.writeHead(status, { ...json, Location: '/elsewhere' }).end('{}'),
      )
      expect(await ask(await serve(listener))).toMatchObject({ status, body: {} })
      expect(listener).toHaveBeenCalledTimes(1)
    })
  }
})
