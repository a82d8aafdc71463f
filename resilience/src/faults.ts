import { setInterval } from 'node:timers'
import { gzipSync } from 'node:zlib'
import type { Exchange } from './fault-proxy.js'

/** What can go wrong between this library and a ZITADEL: with the door, or with the answer. */
export type Fault =
  | { readonly kind: 'refused' }
  | { readonly kind: 'certificate' }
  | { readonly kind: 'answer'; readonly answer: (exchange: Exchange) => void | Promise<void>; readonly isSlow?: true }

/** How much an answer must not have. Decoded, the bomb has fifty times as much. */
const tooManyBytes = 20 * 1024 * 1024
const spaces = Buffer.alloc(tooManyBytes, ' ')
const zippedSpaces = gzipSync(spaces, { level: 9 })

/**
 * Every fault by its name. Whatever can be genuine in a wrong answer is: who follows the redirect, ignores the status or
 * the type, or reads on and on, finds what lets the request pass.
 */
export const faults = {
  'connection refused': { kind: 'refused' },
  'reset before the headers': answering(({ request }) => void request.socket.resetAndDestroy()),
  'reset after the headers': answering((exchange) =>
    sendHalf(exchange, () => exchange.request.socket.resetAndDestroy()),
  ),
  'hang before the headers': { ...answering(() => {}), isSlow: true },
  'hang in the body': { ...answering((exchange) => sendHalf(exchange)), isSlow: true },
  'slow drip': { ...answering(drip), isSlow: true },
  'status 204': answering(({ response }) => void response.writeHead(204).end()),
  'redirect 301 to another host': redirecting(301),
  'redirect 302 to another host': redirecting(302),
  'redirect 307 to another host': redirecting(307),
  'redirect 308 to another host': redirecting(308),
  'status 400': failing(400, 'invalid_request'),
  'status 401': failing(401, 'invalid_client'),
  'status 403': failing(403, 'access_denied'),
  'status 404 as text': answering(({ response, form }) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`404 page not found: ${form}`)
  }),
  'status 429': failing(429, 'slow_down'),
  'status 429 with Retry-After: 30': failing(429, 'slow_down', { 'retry-after': '30' }),
  'status 500': failing(500, 'server_error'),
  'status 502': failing(502, 'server_error'),
  'status 503': failing(503, 'temporarily_unavailable'),
  'status 503 with Retry-After: 30': failing(503, 'temporarily_unavailable', { 'retry-after': '30' }),
  'HTML in the place of JSON': answering(({ response, genuine, form }) => {
    const page = `<!doctype html><title>Sign in</title><p>${form}</p><pre>${genuine.body}</pre>`
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }),
  'truncated JSON': answering(({ response, genuine }) => {
    response.writeHead(200, { 'content-type': genuine.type }).end(genuine.body.subarray(0, -2))
  }),
  'another content type': answering(({ response, genuine }) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(genuine.body)
  }),
  'a body of 20 MB': answering(({ response, genuine }) => {
    response.writeHead(200, { 'content-type': genuine.type }).write(genuine.body)
    response.end(spaces)
  }),
  'a gzip bomb of 1 GB': answering(({ response, genuine }) => {
    response.writeHead(200, { 'content-type': genuine.type, 'content-encoding': 'gzip' }).write(gzipSync(genuine.body))
    response.end(Buffer.concat(Array.from({ length: 50 }, () => zippedSpaces)))
  }),
  'another issuer': answering(({ endpoint, response, genuine }) => {
    const body = JSON.stringify(fromAnotherIssuer[endpoint](JSON.parse(genuine.body.toString())))
    response.writeHead(200, { 'content-type': genuine.type }).end(body)
  }),
  'a body that says it is gzip, and is none': encodedAs('gzip'),
  'a body that says it is br, and is none': encodedAs('br'),
  'a malformed chunk': answering((exchange) => sendRaw(exchange, 'transfer-encoding: chunked', toLine)),
  'a malformed header': answering((exchange) => sendRaw(exchange, `x-claims: \u0000${toLine(exchange)}`, toLine)),
  '10,000 keys': answering(({ response, genuine }) => {
    const { keys = [] } = JSON.parse(genuine.body.toString())
    const others = Array.from({ length: 10_000 }, (_, at) => ({
      kid: `${at}`,
      kty: 'RSA',
      alg: 'RS256',
      n: 'AQ',
      e: 'AQAB',
    }))
    response.writeHead(200, { 'content-type': genuine.type }).end(JSON.stringify({ keys: [...keys, ...others] }))
  }),
  'certificate error': { kind: 'certificate' },
} as const satisfies Readonly<Record<string, Fault>>

/** One of {@link faults}. */
export type FaultName = keyof typeof faults

type AnswerFault = Extract<Fault, { kind: 'answer' }>

function answering(answer: AnswerFault['answer']): AnswerFault {
  return { kind: 'answer', answer }
}

function redirecting(status: number): AnswerFault {
  return answering(({ response, elsewhere }) => void response.writeHead(status, { location: elsewhere.href }).end())
}

/** The description repeats what was sent, as servers do: none of it may get any further. */
function failing(status: number, error: string, headers: Readonly<Record<string, string>> = {}): AnswerFault {
  return answering(({ response, form, request }) => {
    const description = `${request.headers.authorization ?? ''} ${form}`
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error, error_description: description }))
  })
}

/** The `fetch` of Node.js 20 and 22 waits for ever for such a body when its connection is closed. */
function encodedAs(encoding: string): AnswerFault {
  return answering(({ response, genuine, request }) => {
    response.writeHead(200, { 'content-type': genuine.type, 'content-encoding': encoding }).end(genuine.body)
    request.socket.end()
  })
}

function sendHalf({ response, genuine }: Exchange, afterwards: () => void = () => {}): void {
  const { body } = genuine
  response.writeHead(200, { 'content-type': genuine.type, 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => setImmediate(afterwards))
}

/** Writes past the HTTP of Node.js, which would not write this. The error that a client makes of it may hold the bytes. */
function sendRaw({ request, ...exchange }: Exchange, header: string, toBody: (exchange: Exchange) => string): void {
  const { genuine } = exchange
  const head = ['HTTP/1.1 200 OK', `content-type: ${genuine.type}`, header, '', ''].join('\r\n')
  request.socket.end(`${head}${toBody({ request, ...exchange })}\r\n`)
}

function toLine({ genuine }: Exchange): string {
  return genuine.body.toString().replaceAll(/\s/g, ' ')
}

/** A byte every 20 milliseconds: each of them in time, and all of them never. */
function drip({ response, genuine }: Exchange): void {
  response.writeHead(200, { 'content-type': genuine.type })
  let at = 0
  const timer = setInterval(() => {
    response.write(genuine.body.subarray(at, at + 1))
    at += 1
  }, 20)
  response.on('close', () => clearInterval(timer))
}

const anotherIssuer = 'https://another-zitadel.example'

const fromAnotherIssuer: Readonly<Record<Exchange['endpoint'], (genuine: object) => object>> = {
  discovery: (metadata) => ({ ...metadata, issuer: anotherIssuer }),
  // The keys of another ZITADEL, under ids of its own.
  keys: ({ keys = [] }: { keys?: readonly object[] }) => ({
    keys: keys.map((key, at) => ({ ...key, kid: `another-${at}` })),
  }),
  introspection: (claims) => ({ ...claims, iss: anotherIssuer }),
}
