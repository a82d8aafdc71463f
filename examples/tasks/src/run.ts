import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createZitadelAuth, isAuthorizationError, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { type Flags, readFlags } from './flags.js'
import { createHttpServer } from './http-server.js'
import { log } from './log.js'

/** A server that has not started yet, of any protocol. */
export interface TasksServer {
  /** Gives the address, whose port is another than asked for where that was 0. */
  listen(port: number): Promise<string>
  /** Takes no more requests, and resolves when those under way are done. */
  stop(): Promise<void>
}

/** Makes the API: a function from request to response, as every framework can give one. */
export type CreateTasksApi = (auth: ZitadelAuth) => RequestListener | Promise<RequestListener>

/** What an API may want beside the flags. */
export interface RunOptions {
  /** Where the API is a resource with metadata: its path. Default: it is none. */
  readonly resourcePath?: string
}

/**
 * Runs a tasks API over HTTP, as {@link runTasksServer} does.
 *
 * @param createApi - makes the API
 * @param options - what it wants beside the flags
 */
export function runTasksApi(createApi: CreateTasksApi, options?: RunOptions): Promise<void> {
  return runTasksServer(async (auth) => createHttpServer(await createApi(auth)), options)
}

/**
 * Runs a tasks API until Ctrl+C. What keeps it from starting becomes one line on stderr and exit code 1; a ZITADEL that
 * is down does not keep it from starting.
 *
 * @param createTasksServer - makes the server of the API
 * @param options - what the API wants beside the flags
 */
export async function runTasksServer(
  createTasksServer: (auth: ZitadelAuth) => TasksServer | Promise<TasksServer>,
  options: RunOptions = {},
): Promise<void> {
  try {
    const flags = await choosePort(readFlags(process.argv.slice(2)), options)
    const auth = createZitadelAuth({ ...toOptions(flags), ...toResource(flags, options) })
    await findZitadel(auth)
    const server = await createTasksServer(auth)
    const addr = await listen(server, flags.port)
    stopOnSignal(server)
    log.info('server listening, press ctrl+c to stop', { addr })
  } catch (error) {
    console.error(`cannot start: ${isAuthorizationError(error) ? error.reason : (error as Error).message}`)
    process.exitCode = 1
  }
}

/** What a flag does not say is left to the library, and so is what it says wrongly: the library knows why. */
function toOptions({ domain, key, cacheTtlSeconds, verification, projectId }: Flags): ZitadelAuthOptions {
  return {
    domain,
    keyFile: key,
    logger: log,
    ...(cacheTtlSeconds !== undefined && { cache: cacheTtlSeconds === 0 ? false : { ttlSeconds: cacheTtlSeconds } }),
    ...(verification !== undefined && { verification }),
    ...(projectId !== undefined && { projectId }),
  } as ZitadelAuthOptions
}

/** A resource has its port in its address, which must be known before anybody listens there. */
async function choosePort(flags: Flags, { resourcePath }: RunOptions): Promise<Flags> {
  if (resourcePath === undefined || flags.port !== 0) return flags
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return { ...flags, port }
}

function toResource({ port }: Flags, { resourcePath }: RunOptions): { readonly resource?: string } {
  return resourcePath === undefined ? {} : { resource: `http://localhost:${port}${resourcePath}` }
}

async function findZitadel(auth: ZitadelAuth): Promise<void> {
  try {
    await auth.ready()
  } catch (error) {
    if (!isAuthorizationError(error) || error.code !== 'ERR_PROVIDER_UNAVAILABLE') throw error
    log.warn('ZITADEL does not answer yet, protected routes answer 503 until it does', { reason: error.reason })
  }
}

async function listen(server: TasksServer, port: number): Promise<string> {
  try {
    return await server.listen(port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem = code === 'EADDRINUSE' ? 'already in use' : `not available (${code})`
    throw new Error(`port ${port} is ${problem}: choose another with --port`, { cause: error })
  }
}

function stopOnSignal(server: TasksServer): void {
  const stop = async (): Promise<void> => {
    await server.stop()
    log.info('server stopped')
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
}
