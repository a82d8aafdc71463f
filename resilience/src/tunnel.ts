import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { Agent, type AgentOptions, type RequestOptions } from 'node:https'
import { type AddressInfo, createConnection, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'

/** A proxy that lets TLS pass through (RFC 9110 section 9.3.6). */
export interface TunnelProxy {
  readonly port: number
  /** Where to there were tunnels. */
  readonly tunnels: readonly string[]
  close(): void
}

/** Starts a {@link TunnelProxy}. With a status it opens no tunnel, and answers with that. */
export async function startTunnelProxy(refusal?: number): Promise<TunnelProxy> {
  const tunnels: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer().on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url)
    const target = refusal === undefined ? createConnection(Number(url.split(':')[1]), '127.0.0.1') : undefined
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ]) {
      if (socket !== undefined) sockets.add(socket.on('error', () => {}).on('close', () => other?.destroy()))
    }
    if (target === undefined) client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
    else {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(target).pipe(client)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** The agent of an application whose way out leads through a {@link TunnelProxy}. */
export class TunnelAgent extends Agent {
  readonly #port: number

  constructor(port: number, options: AgentOptions) {
    super(options)
    this.#port = port
  }

  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void = () => {},
  ): undefined {
    const fail = (error: Error): void => callback(error, undefined as never)
    request({ method: 'CONNECT', host: '127.0.0.1', port: this.#port, path: `${options.host}:${options.port}` })
      .on('connect', ({ statusCode }, socket) => {
        if (statusCode === 200) callback(null, connect({ ...(options as ConnectionOptions), socket }))
        else fail(Object.assign(new Error('no tunnel'), { code: `PROXY_${statusCode}` }))
      })
      .on('error', fail)
      .end()
  }
}
