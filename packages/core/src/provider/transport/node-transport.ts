import { Buffer } from 'node:buffer'
import http, { type AgentOptions, type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Transport, TransportAnswer, TransportRequest } from './transport.js'
import { createTooLong, decodeText } from './unreadable-body.js'

/** Connections that are kept for the next request. An idle one keeps no process alive. */
export type Agent = http.Agent | https.Agent

/** Shorter than servers and load balancers keep idle connections, so that few are dead when they are needed. */
const idleMs = 4_000

const keeping: AgentOptions = { keepAlive: true, timeout: idleMs, scheduling: 'lifo' }

/**
 * Sends requests by `node:http` and `node:https`.
 *
 * @param agent - the application's, for a proxy, a certificate authority or a client certificate. Default: one that keeps
 * connections for four seconds
 */
export function createNodeTransport(agent?: Agent): Transport {
  const pools: Readonly<Record<string, Agent>> = {
    'http:': createAgent('http:', keeping),
    'https:': createAgent('https:', keeping),
  }

  /** The pool may hold more connections that have died with the first: a second try takes none of them. */
  function chooseAgent({ url, isRetry }: TransportRequest): Agent {
    return agent ?? (isRetry ? createAgent(url.protocol) : (pools[url.protocol] as Agent))
  }

  return async (request) => toAnswer(await send(request, chooseAgent(request)))
}

/** Makes an agent that knows the proxy of which Node.js has been told, by `NODE_USE_ENV_PROXY`, as its global agent does. */
function createAgent(protocol: string, options: AgentOptions = {}): Agent {
  const { Agent, globalAgent } = protocol === 'https:' ? https : http
  const { proxyEnv } = (globalAgent as { readonly options?: { readonly proxyEnv?: unknown } }).options ?? {}
  return new Agent({ ...options, proxyEnv } as AgentOptions)
}

function send(request: TransportRequest, agent: Agent): Promise<IncomingMessage> {
  const { url, method, body, deadline } = request
  const form = body?.toString()
  const headers = { ...request.headers, ...(form === undefined ? {} : formHeaders(form)) }
  // Looked up at every request, since tools for tracing and for tests replace them.
  const start = url.protocol === 'https:' ? https.request : http.request
  return new Promise((resolve, reject) => {
    const message: ClientRequest = start(url, { method, headers, agent })
    deadline.whenOver((error) => message.destroy(error))
    // A connection that ends in another way than by an answer or an error, as by `101 Switching Protocols`, is over too.
    message
      .on('response', resolve)
      .on('error', reject)
      .on('close', () => reject(closed))
      .end(form)
  })
}

/** One for all, since every request ends with it, and nobody gets it as it is: a new one reads the stack. */
const closed = Object.assign(new Error('closed'), { code: 'ECONNRESET' })

function formHeaders(form: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'Content-Length': String(Buffer.byteLength(form)),
  }
}

function toAnswer(message: IncomingMessage): TransportAnswer {
  // What breaks while nobody reads has no other listener, and would end the process.
  message.on('error', () => {})
  return {
    status: message.statusCode ?? 0,
    header(name) {
      const value = message.headers[name]
      return value === undefined ? null : String(value)
    },
    readText: (maxBytes) => readText(message, maxBytes),
    drop: () => void message.destroy(),
  }
}

async function readText(message: IncomingMessage, maxBytes: number): Promise<string> {
  return decodeText(await readBytes(message, maxBytes))
}

/** By its events, since a loop over a stream costs as much as the request. */
function readBytes(message: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (message.errored !== null) reject(message.errored)
    const chunks: Buffer[] = []
    let bytes = 0
    message
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        // With it goes its connection.
        if (bytes > maxBytes) message.destroy(createTooLong(maxBytes))
      })
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject)
  })
}
