import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TasksServer } from './run.js'

/** Serves a function from request to response, as every framework can give one. */
export function createHttpServer(listener: RequestListener): TasksServer {
  const server = createServer(listener)
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, () => resolve(`http://localhost:${(server.address() as AddressInfo).port}`))
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Requests under way get a moment; a connection that stays open does not keep the process.
        setTimeout(() => server.closeAllConnections(), 2_000).unref()
      }),
  }
}
