import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** A request as it arrived. */
export interface Received {
  readonly request: string
  readonly authorization: string | undefined
  readonly body: unknown
}

/** An answer, as ZITADEL's would be. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What is answered to a request of the form `METHOD /path`; `never` is left without an answer. */
export type Answers = Readonly<Record<string, Answer | 'never'>>

/** A server that answers by a table, and 501 to all else, until the end of the test. */
export async function startRecorder(answers: Answers) {
  const received: Received[] = []
  const arrivals = new EventEmitter()
  const server = createServer(async (incoming, response) => {
    const request = `${incoming.method} ${incoming.url}`
    received.push({ request, authorization: incoming.headers.authorization, body: await readBody(incoming) })
    arrivals.emit(request)
    const answer = findAnswer(answers, request)
    if (answer === 'never') return
    const { status = 200, headers, body = {} } = answer
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** Resolves when the next request of this form has come. */
    until: (request: string): Promise<unknown> => once(arrivals, request),
  }
}

/** A `*` in the table is an id that the run has chosen. */
function findAnswer(answers: Answers, request: string): Answer | 'never' {
  const found = Object.entries(answers).find(([pattern]) => {
    const expression = pattern.replace(/[.?]/g, '\\$&').replaceAll('*', '[^/?]+')
    return new RegExp(`^${expression}(\\?|$)`).test(request)
  })
  return found?.[1] ?? { status: 501, body: { code: 'unimplemented', message: 'not in the table' } }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  if (incoming.headers['content-type'] === 'application/json') return json(incoming)
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : Object.fromEntries(new URLSearchParams(text))
}
