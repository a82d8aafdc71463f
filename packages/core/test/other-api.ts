import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request as another API got it. */
export interface ReceivedRequest {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly body: string
}

/** Another API, which an application calls. */
export interface OtherApi {
  readonly origin: string
  readonly received: ReceivedRequest[]
  /** What is answered. Default: 200 with `{}`. */
  answer: (request: ReceivedRequest, response: ServerResponse) => void
  close(): void
}

/** Starts an {@link OtherApi} on a free port. */
export async function startOtherApi(): Promise<OtherApi> {
  const received: ReceivedRequest[] = []
  const server = createServer((request, response) => void receive(request, response))
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request
    const one = { method, url, authorization: headers.authorization, body: await text(request) }
    received.push(one)
    api.answer(one, response)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api: OtherApi = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (_request, response) => response.end('{}'),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return api
}
