import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ZitadelAuth } from '@org/zitadel-auth'
import type { Credentials } from './credentials.js'
import type { Delay } from './delay.js'
import type { Journal } from './journal.js'
import type { Life } from './life.js'
import type { Protocol, RequestShape } from './protocol.js'

/** A server with one protected route, whatever is asked of it. */
export interface Application {
  readonly name: string
  readonly protocol: Protocol
  /** Whom it refuses. */
  readonly refuses: readonly Credentials[]
  /** How long it may take to finish a response. */
  readonly delays: readonly [Delay, ...Delay[]]
  /** Whether finishing a response is what fails in it. */
  readonly failsToAnswer?: boolean
  /** Whether it need not answer clients that leave so early. */
  mayForget?(life: Life, shape: RequestShape): boolean
  start(auth: ZitadelAuth, journal: Journal): Promise<RunningApplication>
}

/** An {@link Application} that listens. */
export interface RunningApplication {
  readonly port: number
  /** What every request brings beside its own headers, such as the cookie of a session. */
  readonly headers?: Readonly<Record<string, string>>
  /** Makes the server answer clients who have closed their half of the connection. */
  allowHalfOpen(): void
  /** Resolves when no connection is left. */
  untilDeserted(): Promise<void>
  close(): Promise<void>
}

/** Makes a server of `node:http` listen. The frameworks' own functions for it hide the server. */
export async function listen(server: Server): Promise<RunningApplication> {
  const open = new Set<Promise<void>>()
  server.on('connection', (socket) => {
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    open.add(closed)
    void closed.then(() => open.delete(closed))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    // Not in its types: https://github.com/nodejs/node/blob/v20.19.0/lib/_http_server.js, socketOnEnd.
    allowHalfOpen: () => void Object.assign(server, { httpAllowHalfOpen: true }),
    async untilDeserted() {
      while ((await countConnections(server)) > 0) await Promise.race(open)
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}
