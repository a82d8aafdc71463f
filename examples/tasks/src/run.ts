import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createZitadelAuth, isAuthorizationError, type ZitadelAuth } from '@org/zitadel-auth'
import { type Flags, readFlags } from './flags.js'
import { log } from './log.js'

/** Makes the API: a function from request to response, as every framework can give one. */
export type CreateTasksApi = (auth: ZitadelAuth) => RequestListener | Promise<RequestListener>

/**
 * Runs a tasks API until Ctrl+C. What keeps it from starting becomes one line on stderr and exit code 1; a ZITADEL that
 * is down does not keep it from starting.
 *
 * @param createApi - makes the API
 */
export async function runTasksApi(createApi: CreateTasksApi): Promise<void> {
  try {
    const flags = readFlags(process.argv.slice(2))
    const auth = createZitadelAuth(toOptions(flags))
    await findZitadel(auth)
    const server = createServer(await createApi(auth))
    const port = await listen(server, flags.port)
    stopOnSignal(server)
    log.info('server listening, press ctrl+c to stop', { addr: `http://localhost:${port}` })
  } catch (error) {
    console.error(`cannot start: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

function toOptions({ domain, key, cacheTtlSeconds }: Flags) {
  const base = { domain, keyFile: key, logger: log }
  if (cacheTtlSeconds === undefined) return base
  return { ...base, cache: cacheTtlSeconds === 0 ? (false as const) : { ttlSeconds: cacheTtlSeconds } }
}

async function findZitadel(auth: ZitadelAuth): Promise<void> {
  try {
    await auth.ready()
  } catch (error) {
    if (!isAuthorizationError(error) || error.code !== 'ERR_PROVIDER_UNAVAILABLE') throw error
    log.warn('ZITADEL does not answer yet, protected routes answer 503 until it does', { reason: error.message })
  }
}

/** Gives the port, which is another than asked for where that was 0. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenError(error, port)))
    server.listen(port, () => resolve((server.address() as AddressInfo).port))
  })
}

function toListenError(error: NodeJS.ErrnoException, port: number): Error {
  const problem = error.code === 'EADDRINUSE' ? 'already in use' : `not available (${error.code})`
  return new Error(`port ${port} is ${problem}: choose another with --port`)
}

function stopOnSignal(server: Server): void {
  const stop = (): void => {
    server.close(() => log.info('server stopped'))
    // Requests under way get a moment; a connection that stays open does not keep the process.
    setTimeout(() => server.closeAllConnections(), 2_000).unref()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
