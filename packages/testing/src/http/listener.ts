import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** An HTTP server on one loopback port that can disappear and come back. */
export interface Listener {
  /** The address, which is the issuer. */
  readonly issuer: string
  /** Answers requests from now on. A request that cannot be answered, as its client is gone, loses its connection. */
  onRequest(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): void
  /** Stops listening and cuts all connections. */
  stop(): Promise<void>
  /** Listens again on the same port. */
  listen(): Promise<void>
}

/** Listens on a port of loopback, on a free one for port 0. */
export async function createListener(port: number): Promise<Listener> {
  const server = createServer()

  const listenOn = async (chosenPort: number): Promise<AddressInfo> => {
    server.listen(chosenPort, LOOPBACK)
    await once(server, 'listening')
    return server.address() as AddressInfo
  }
  const { port: ownPort } = await listenOn(port)

  return {
    // As an origin, so that port 80 does not show in it.
    issuer: new URL(`http://${LOOPBACK}:${ownPort}`).origin,
    onRequest(answer) {
      server.on('request', (request, response) => {
        answer(request, response).catch(() => response.destroy())
      })
    },
    async stop() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    async listen() {
      if (!server.listening) await listenOn(ownPort)
    },
  }
}
