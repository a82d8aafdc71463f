import { Buffer } from 'node:buffer'
import dns, { type LookupOptions } from 'node:dns'
import { once } from 'node:events'
import { Agent, createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createClockWithAlarms, createRestlessClock, transports } from '../../test/network.js'
import { createDeadline } from '../internal/deadline.js'
import { createFetchJson } from './fetch-json.js'
import { createFetchTransport } from './transport/fetch-transport.js'
import { createNodeTransport } from './transport/node-transport.js'

const json = { 'Content-Type': 'application/json' }
const get = { method: 'GET' } as const

/** A real server, for what no stand-in of the network shows: compression, broken connections and bodies that hang. */
async function serve(listener: RequestListener, address = '127.0.0.1'): Promise<URL> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, address), 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

/** The addresses that `localhost` can have, as far as this machine has them. */
const loopbacks = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .map(({ address }) => address)
  .filter((address) => address === '::1' || address === '127.0.0.1')

/** Gives `localhost` both addresses, the newer one first, whatever this machine calls by that name. */
function resolveLocalhost(): void {
  const both = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ]
  const lookup = (_host: string, { all }: LookupOptions, callback: (error: null, ...found: unknown[]) => void): void =>
    all === true ? callback(null, both) : callback(null, '::1', 6)
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup)
  onTestFinished(() => void vi.restoreAllMocks())
}

describe.each(transports)('createFetchJson over HTTP by %s', (_, createTransport) => {
  const ask = (url: URL, timeoutMs = 5_000) =>
    createFetchJson({ transport: createTransport(), timeoutMs, clock: createClockWithAlarms() })(url, get)

  it('asks for no compression', async () => {
    const listener = vi.fn<RequestListener>((_, response) => response.writeHead(200, json).end('{}'))
    await ask(await serve(listener))
    expect(listener.mock.calls[0]?.[0].headers['accept-encoding']).toBe('identity')
  })

  it('sends a form at once, and does not ask first whether it may', async () => {
    const listener = vi.fn<RequestListener>((_, response) => response.writeHead(200, json).end('{}'))
    const url = await serve(listener)
    const form = { method: 'POST', body: new URLSearchParams({ token: 'a' }) } as const
    await createFetchJson({ transport: createTransport(), timeoutMs: 5_000, clock: createClockWithAlarms() })(url, form)
    expect(listener.mock.calls[0]?.[0].headers).not.toHaveProperty('expect')
  })

  for (const address of loopbacks) {
    it(`finds a server on localhost that listens on ${address} alone`, async () => {
      const { port } = await serve((_, response) => response.writeHead(200, json).end('{}'), address)
      resolveLocalhost()
      expect(await ask(new URL(`http://localhost:${port}/`))).toMatchObject({ status: 200, body: {} })
    })
  }

  it('does not read a compressed answer, which nobody has asked for', async () => {
    const body = gzipSync('{"good":true}')
    const url = await serve((_, response) => response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(body))
    expect(await ask(url)).toMatchObject({ status: 200, body: undefined })
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

  it('unpacks no small answer that has much in it', async () => {
    const body = gzipSync(Buffer.from(`"${'a'.repeat(8 * 1024 * 1024)}"`))
    expect(body.length).toBeLessThan(64 * 1024)
    const listener = vi.fn<RequestListener>((_, response) =>
      response.writeHead(200, { ...json, 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body),
    )
    expect(await ask(await serve(listener))).toMatchObject({ status: 200, body: undefined })
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('refuses an answer of more than 1 MiB that does not say how long it is', async () => {
    const chunk = 'a'.repeat(64 * 1024)
    const closed = createDeferred<void>()
    const url = await serve((_, response) => {
      response.writeHead(200, json).write('"')
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) {}
      }
      response.on('drain', write).on('close', () => closed.resolve())
      write()
    })
    await expect(ask(url)).rejects.toThrow(
      authorizationError(
        'ERR_PROVIDER_UNAVAILABLE',
        `${url.host}: the response has more than 1048576 bytes, which is the option maxResponseBytes`,
      ),
    )
    // Its connection is closed, rather than read to an end that never comes.
    await closed.promise
  })

  for (const [what, encoding] of [
    ['under another encoding than its own', 'gzip'],
    ['without one', 'identity'],
  ] as const) {
    it(`does not hang over an answer ${what} whose connection is closed in its middle`, async () => {
      const url = await serve((_, response) => {
        const headers = { ...json, 'Content-Encoding': encoding, 'Content-Length': 100, Connection: 'close' }
        response.writeHead(200, headers).write('{"active":true}', () => response.destroy())
      })
      const outcome = await outcomeOf(() => ask(url, 1_000))
      expect(outcome).toEqual(
        encoding === 'gzip'
          ? expect.objectContaining({ status: 200, body: undefined })
          : authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringMatching(/cannot be reached|in time/)),
      )
    })
  }

  for (const [what, listener] of [
    ['no answer', () => {}],
    ['headers and no body', (_, response) => response.writeHead(200, json).flushHeaders()],
    ['half a body', (_, response) => response.writeHead(200, json).write('{"active":')],
  ] as const satisfies readonly (readonly [string, RequestListener])[]) {
    it(`gives up at the deadline over ${what}, and does not ask again`, async () => {
      const spy = vi.fn<RequestListener>(listener)
      const url = await serve(spy)
      await expect(ask(url, 250)).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host} did not answer in time`),
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

  it('lets go of the connection of an answer that nobody reads', async () => {
    const closed = createDeferred<void>()
    const url = await serve((_, response) => {
      response.on('close', () => closed.resolve())
      response.writeHead(500, { 'Content-Length': 100 }).write('half a page')
    })
    await outcomeOf(() => ask(url))
    expect(await closed.promise).toBeUndefined()
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

describe('a fetch that never settles', () => {
  it('ends at the deadline, though it ignores its signal', async () => {
    const transport = createFetchTransport(() => new Promise(() => {}))
    const url = new URL('http://127.0.0.1:9/')
    await expect(
      createFetchJson({ transport, timeoutMs: 50, clock: createClockWithAlarms() })(url, get),
    ).rejects.toThrow(authorizationError('ERR_PROVIDER_UNAVAILABLE', '127.0.0.1:9 did not answer in time'))
  })
})

describe('connections of node:http', () => {
  /** Counts connections, and closes the one of a request that arrives on a used one when it is told to. */
  async function setUp() {
    const sockets: Socket[] = []
    let isClosing = false
    const url = await serve((request, response) => {
      const isUsed = sockets.includes(request.socket)
      if (!isUsed) sockets.push(request.socket)
      if (isUsed && isClosing) request.socket.destroy()
      else response.writeHead(200, json).end('{"good":true}')
    })
    const clock = createRestlessClock()
    const fetchJson = createFetchJson({ transport: createNodeTransport(), timeoutMs: 5_000, clock })
    const ask = () => fetchJson(url, get)
    const closeUsed = (): void => {
      isClosing = true
    }
    return { ask, sockets, closeUsed }
  }

  it('are used again', async () => {
    const { ask, sockets } = await setUp()
    for (const _ of [1, 2, 3]) await ask()
    expect(sockets).toHaveLength(1)
  })

  it('that have all died in the pool cost one retry, on a new one', async () => {
    const { ask, sockets, closeUsed } = await setUp()
    await Promise.all(Array.from({ length: 5 }, ask))
    expect(sockets).toHaveLength(5)
    closeUsed()
    expect((await ask()).body).toEqual({ good: true })
    expect(sockets).toHaveLength(6)
  })

  it('are those of the agent that is given, on a retry too', async () => {
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const spy = vi.spyOn(agent, 'createConnection' as never)
    const url = await serve((_, response) => response.writeHead(503).end())
    const transport = createNodeTransport(agent)
    await outcomeOf(() => createFetchJson({ transport, timeoutMs: 5_000, clock: createRestlessClock() })(url, get))
    expect(spy).toHaveBeenCalledTimes(2)
  })

  it('send a form with its length', async () => {
    const heard: string[] = []
    const url = await serve(async (request, response) => {
      const { 'content-type': type, 'content-length': length } = request.headers
      heard.push(`${request.method} ${type} ${length}`)
      for await (const chunk of request) heard.push(String(chunk))
      response.writeHead(200, json).end('{}')
    })
    const fetchJson = createFetchJson({
      transport: createNodeTransport(),
      timeoutMs: 5_000,
      clock: createRestlessClock(),
    })
    await fetchJson(url, { method: 'POST', body: new URLSearchParams({ token: 'tökén&' }) })
    expect(heard).toEqual(['POST application/x-www-form-urlencoded;charset=UTF-8 24', 'token=t%C3%B6k%C3%A9n%26'])
  })

  it('that change to another protocol, unasked, have failed at once', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'
    const url = await serve((request) => request.socket.write(upgrade))
    const transport = createNodeTransport()
    // Its clock never comes to the deadline.
    const fetchJson = createFetchJson({ transport, timeoutMs: 5_000, clock: createRestlessClock() })
    expect(await outcomeOf(() => fetchJson(url, get))).toMatchObject({ reason: expect.stringContaining('ECONNRESET') })
  })

  it('lead to ports that no fetch goes to', async () => {
    const url = await serve((_, response) => response.writeHead(200, json).end('{"good":true}'))
    const agent = new Agent()
    vi.spyOn(agent, 'createConnection').mockImplementation(() => connect(Number(url.port), url.hostname))
    const transport = createNodeTransport(agent)
    const fetchJson = createFetchJson({ transport, timeoutMs: 5_000, clock: createRestlessClock() })
    expect(await fetchJson(new URL('http://127.0.0.1:10080/'), get)).toMatchObject({ body: { good: true } })
  })

  it('that break while nobody reads their answer end no process', async () => {
    const url = await serve((request, response) =>
      response.writeHead(500, { 'Content-Length': 100 }).write('a', () => request.socket.destroy()),
    )
    await expect(
      createFetchJson({ transport: createNodeTransport(), timeoutMs: 5_000, clock: createRestlessClock() })(url, get),
    ).rejects.toThrow(authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'))
  })

  it('that break before anybody reads their answer fail whoever does then, and nobody else', async () => {
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    onTestFinished(() => void process.off('uncaughtException', uncaught))
    const agent = new Agent()
    const connect = vi.spyOn(agent, 'createConnection')
    const heard = createDeferred<ServerResponse>()
    const url = await serve((_, response) => {
      response.writeHead(200, { ...json, 'Content-Length': 100 }).write('{"good":')
      heard.resolve(response)
    })
    const deadline = createDeadline(createManualClock(), 1_000, () => new Error('too late'))
    const answer = await createNodeTransport(agent)({ ...get, url, headers: {}, deadline, isRetry: false })
    const closed = once(connect.mock.results[0]?.value as Socket, 'close')
    const response = await heard.promise
    response.destroy()
    await closed
    await expect(answer.readText(100)).rejects.toThrow('aborted')
    expect(uncaught).not.toHaveBeenCalled()
  })
})
