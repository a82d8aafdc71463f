import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createCertificate } from '../../../../grpc/test/certificate.js'
import { runProgram } from '../../../test/run-program.js'

const answer: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"good":true}')
}
const good = { status: 200, body: { good: true }, cacheControl: null }

/** Starts a server until the end of the test, and gives its port. */
async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** A server whose certificate is its own authority. */
async function listenSecurely() {
  const { certificate, privateKey } = createCertificate()
  const folder = mkdtempSync(join(tmpdir(), 'authority-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'authority.pem')
  writeFileSync(file, certificate)
  return { port: await listen(createSecureServer({ cert: certificate, key: privateKey }, answer)), file }
}

const run = async (url: string, env: object): Promise<unknown> => (await runProgram('ask', [url], env)).said

describe('a process of its own', () => {
  it('ends by itself once it has its answer, and sooner than its connection has been idle for long', async () => {
    const port = await listen(createServer({ keepAliveTimeout: 600_000 }, answer))
    const { said, lingeredMs } = await runProgram('ask', [`http://127.0.0.1:${port}/`])
    expect(said).toMatchObject(good)
    expect(lingeredMs).toBeLessThan(3_000)
  })

  it('takes a certificate of the authority that NODE_EXTRA_CA_CERTS names', async () => {
    const { port, file } = await listenSecurely()
    expect(await run(`https://localhost:${port}/`, { NODE_EXTRA_CA_CERTS: file })).toMatchObject(good)
  })

  it('takes no other, and says why', async () => {
    const { port } = await listenSecurely()
    expect(await run(`https://localhost:${port}/`, { NODE_EXTRA_CA_CERTS: '' })).toEqual({
      reason: `localhost:${port} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    })
  })
})

/** Node.js before 22.21 and 24.5 knows of no proxy. Bun and Deno know of them without being told to use them. */
const knowsFlag = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
const hasProxies = knowsFlag || ['bun', 'deno'].some((runtime) => runtime in process.versions)

describe('NODE_USE_ENV_PROXY', () => {
  /** A proxy that answers by itself, and opens tunnels. */
  async function startProxy(listener: RequestListener = answer) {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      listener(request, response)
    })
    server.on('connect', ({ url = '' }, client: Socket) => {
      asked.push(`CONNECT ${url}`)
      const target = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(target).pipe(client)
      })
      client.on('error', () => target.destroy())
      target.on('error', () => client.destroy())
    })
    const proxy = `http://127.0.0.1:${await listen(server)}`
    const none = { NO_PROXY: '', no_proxy: '', http_proxy: '', https_proxy: '' }
    return { asked, env: { ...none, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }
  }
  const asFarAsThereAre = <Value>(seen: Value[]): Value[] => (hasProxies ? seen : [])

  it('leads through the proxy', async () => {
    const { asked, env } = await startProxy()
    const url = `http://127.0.0.1:${await listen(createServer(answer))}/`
    expect(await run(url, env)).toMatchObject(good)
    expect(asked).toEqual(asFarAsThereAre([`GET ${url}`]))
  })

  it('leads there again when the first answer was none', async () => {
    const busyOnce = vi
      .fn<RequestListener>(answer)
      .mockImplementationOnce((_, response) => response.writeHead(503).end())
    const { asked, env } = await startProxy(busyOnce)
    const url = `http://127.0.0.1:${await listen(createServer(answer))}/`
    expect(await run(url, env)).toMatchObject(good)
    expect(asked).toEqual(asFarAsThereAre([`GET ${url}`, `GET ${url}`]))
  })

  it('leads through a tunnel to https', async () => {
    const { asked, env } = await startProxy()
    const { port, file } = await listenSecurely()
    const url = `https://localhost:${port}/`
    expect(await run(url, { ...env, NODE_EXTRA_CA_CERTS: file })).toMatchObject(good)
    expect(asked).toEqual(asFarAsThereAre([`CONNECT localhost:${port}`]))
  })

  it('leads past the proxy to a host that NO_PROXY names', async () => {
    const { asked, env } = await startProxy()
    const url = `http://127.0.0.1:${await listen(createServer(answer))}/`
    expect(await run(url, { ...env, NO_PROXY: '127.0.0.1' })).toMatchObject(good)
    expect(asked).toEqual([])
  })
})
