import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createCertificate } from '../../packages/grpc/test/certificate.js'
import type { Fault } from './faults.js'

/** What this library asks a ZITADEL. */
export const endpoints = ['discovery', 'keys', 'introspection'] as const

/** One of {@link endpoints}. */
export type Endpoint = (typeof endpoints)[number]

/** What ZITADEL really answers. */
export interface GenuineAnswer {
  readonly status: number
  readonly type: string
  readonly body: Buffer
}

/** One question that is about to be answered wrongly. */
export interface Exchange {
  readonly endpoint: Endpoint
  readonly request: IncomingMessage
  /** The form, as it was sent. */
  readonly form: string
  readonly response: ServerResponse
  readonly genuine: GenuineAnswer
  /** Another host, which would answer as ZITADEL does. */
  readonly elsewhere: URL
}

/** Stands between this library and a ZITADEL, with a door of its own for every endpoint, and does to each what a network can do. */
export interface FaultProxy {
  /** The address of the metadata, which names the other doors. */
  readonly url: string
  /** The address of every door. */
  readonly urls: Readonly<Record<Endpoint, string>>
  /** How many questions came in, by door. */
  readonly arrived: Readonly<Record<Endpoint, number>>
  /** How many questions followed a redirect to another host. */
  readonly elsewhere: { readonly arrived: number }
  /** Every proof of identity that came in: assertions, and values of `Authorization`. */
  readonly credentials: ReadonlySet<string>
  /** What a client must trust to reach a proxy with TLS. */
  readonly certificate: Buffer | undefined
  /** Makes one endpoint fail, until {@link heal}. */
  break(endpoint: Endpoint, fault: Fault): Promise<void>
  /** Ends the fault: doors that were closed open again at their old ports. */
  heal(): Promise<void>
  close(): Promise<void>
}

/** What {@link startFaultProxy} takes. */
export interface FaultProxyOptions {
  /** The origin of the ZITADEL. */
  readonly target: string
  /** With TLS, so that a certificate can be wrong. */
  readonly secure?: boolean
}

const paths: Readonly<Record<Endpoint, string>> = {
  discovery: '/.well-known/openid-configuration',
  keys: '/oauth/v2/keys',
  introspection: '/oauth/v2/introspect',
}

/** Starts a {@link FaultProxy}. */
export async function startFaultProxy({ target, secure = false }: FaultProxyOptions): Promise<FaultProxy> {
  const trusted = secure ? createCertificate() : undefined
  const arrived: Record<Endpoint, number> = { discovery: 0, keys: 0, introspection: 0 }
  const elsewhere = { arrived: 0 }
  const credentials = new Set<string>()
  let broken: { readonly endpoint: Endpoint; readonly fault: Fault } | undefined

  async function answer(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection for every question, so that a door that is closed, or has another certificate, is met at once.
    response.shouldKeepAlive = false
    response.on('error', () => {})
    const form = await readText(request)
    arrived[endpoint] += 1
    for (const proof of findCredentials(request, form)) credentials.add(proof)
    const genuine = await askTarget(endpoint, request, form)
    const fault = broken?.endpoint === endpoint && broken.fault.kind === 'answer' ? broken.fault.answer : sendGenuine
    await fault({ endpoint, request, form, response, genuine, elsewhere: new URL(paths[endpoint], elsewhereDoor.url) })
  }

  async function answerElsewhere(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = endpoints.find((name) => paths[name] === request.url) ?? 'discovery'
    sendGenuine({ response, genuine: await askTarget(endpoint, request, await readText(request)) })
  }

  async function askTarget(endpoint: Endpoint, request: IncomingMessage, form: string): Promise<GenuineAnswer> {
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const init = { method: request.method ?? 'GET', headers: headers as Record<string, string> }
    const answered = await fetch(target + paths[endpoint], form === '' ? init : { ...init, body: form })
    const body = Buffer.from(await answered.arrayBuffer())
    const type = answered.headers.get('content-type') ?? ''
    return { status: answered.status, type, body: endpoint === 'discovery' ? nameDoors(body) : body }
  }

  function nameDoors(metadata: Buffer): Buffer {
    const named = {
      ...JSON.parse(metadata.toString()),
      jwks_uri: doors.keys.url + paths.keys,
      introspection_endpoint: doors.introspection.url + paths.introspection,
    }
    return Buffer.from(JSON.stringify(named))
  }

  const openFor = (endpoint: Endpoint): Promise<Door> =>
    openDoor((request, response) => void answer(endpoint, request, response).catch(() => response.destroy()), trusted)
  const elsewhereDoor = await openDoor((request, response) => {
    elsewhere.arrived += 1
    void answerElsewhere(request, response).catch(() => response.destroy())
  }, undefined)
  const [discovery, keys, introspection] = await Promise.all([
    openFor('discovery'),
    openFor('keys'),
    openFor('introspection'),
  ])
  const doors: Readonly<Record<Endpoint, Door>> = { discovery, keys, introspection }

  return {
    url: doors.discovery.url,
    urls: { discovery: discovery.url, keys: keys.url, introspection: introspection.url },
    arrived,
    elsewhere,
    credentials,
    certificate: trusted?.certificate,
    async break(endpoint, fault) {
      broken = { endpoint, fault }
      if (fault.kind === 'refused') await doors[endpoint].shut()
      if (fault.kind === 'certificate') doors[endpoint].present(createCertificate())
    },
    async heal() {
      const healed = broken
      broken = undefined
      if (healed?.fault.kind === 'refused') await doors[healed.endpoint].reopen()
      if (healed?.fault.kind === 'certificate' && trusted) doors[healed.endpoint].present(trusted)
    },
    async close() {
      await Promise.all([...Object.values(doors), elsewhereDoor].map((door) => door.shut()))
    },
  }
}

/** Answers as ZITADEL does. */
export function sendGenuine({ response, genuine }: Pick<Exchange, 'response' | 'genuine'>): void {
  response.writeHead(genuine.status, { 'content-type': genuine.type }).end(genuine.body)
}

type Certificate = ReturnType<typeof createCertificate>

interface Door {
  readonly url: string
  shut(): Promise<void>
  reopen(): Promise<void>
  present(certificate: Certificate): void
}

async function openDoor(answer: RequestListener, certificate: Certificate | undefined): Promise<Door> {
  const secure = certificate && createSecureServer(toTls(certificate), answer)
  const server: Server = secure ?? createServer(answer)
  // A client that does not like the certificate says so, and that is all there is to it.
  server.on('tlsClientError', () => {})
  const port = await listenOnQuietPort(server)
  return {
    url: secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    shut: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    reopen: () => listen(server, port),
    present: (other) => secure?.setSecureContext(toTls(other)),
  }
}

/** Ports that no system gives away by itself: nobody else takes one while its door is shut. */
const quietPorts = { first: 12_000, count: 18_000 }

async function listenOnQuietPort(server: Server): Promise<number> {
  const port = quietPorts.first + Math.floor(Math.random() * quietPorts.count)
  try {
    await listen(server, port)
    return port
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'EADDRINUSE') throw error
    return listenOnQuietPort(server)
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function toTls({ certificate, privateKey }: Certificate): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: certificate, key: privateKey }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function findCredentials(request: IncomingMessage, form: string): readonly string[] {
  const assertion = new URLSearchParams(form).get('client_assertion')
  return [assertion, request.headers.authorization].filter((proof) => typeof proof === 'string')
}
