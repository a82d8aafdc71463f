import { type Administration, createAdministration } from './administration/administration.js'
import { createKeyFiles, type KeyFiles } from './administration/key-files.js'
import { readArguments, requireArguments } from './arguments/require-arguments.js'
import { members, optional } from './arguments/rule.js'
import { aFunction, text, whole } from './arguments/rules.js'
import { createFaults, type Faults } from './control/faults.js'
import { createHolds, type Holds } from './control/holds.js'
import { createRequestCounter, type RequestCounter } from './control/request-counts.js'
import { createListener } from './http/listener.js'
import { serve } from './http/serve.js'
import { createClock } from './instance/clock.js'
import { createInstance } from './instance/instance.js'

/** The options of {@link startLocalZitadel}. */
export interface LocalZitadelOptions {
  /**
   * The port to listen on; 0 is any free port.
   *
   * @defaultValue `0`
   */
  readonly port?: number
  /**
   * The clock of the server, in milliseconds since 1970.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number
  /** The folder for key files, which are kept. Without it, they are in a temporary folder that `close()` removes. */
  readonly keyFileFolder?: string
}

const HIGHEST_PORT = 65_535
const START_PARAMETERS = {
  options: members<LocalZitadelOptions>({
    port: optional(whole(0, HIGHEST_PORT)),
    now: optional(aFunction),
    keyFileFolder: optional(text),
  }),
}

/**
 * A running local ZITADEL: what you can do in the Console, and what only a test can do. {@link startLocalZitadel}
 * returns it.
 *
 * All its functions throw a `TypeError` for arguments that are misspelled, of the wrong type, or not of this local
 * ZITADEL.
 */
export interface LocalZitadel
  extends Administration,
    Pick<KeyFiles, 'writeKeyFile'>,
    Pick<RequestCounter, 'requests' | 'resetRequests'>,
    Pick<Faults, 'fail' | 'recover'>,
    Pick<Holds, 'hold'> {
  /** The public address, `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly issuer: string
  /** The same address, for `createZitadelAuth({ domain })`. */
  readonly domain: string
  /** Stops listening and closes all connections: clients get a refused connection. */
  pause(): Promise<void>
  /**
   * Listens again, on the same port.
   *
   * @throws `TypeError`: after `close()`
   */
  resume(): Promise<void>
  /** Stops for good: closes all connections and removes the temporary folder. May be called more than once. */
  close(): Promise<void>
  /**
   * The same as {@link LocalZitadel.close}, for `await using`, which TypeScript and Vitest compile for Node.js before
   * 24.
   */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a local ZITADEL on the loopback address, with one organization and nothing else. Warns if `NODE_ENV` is
 * `production`.
 *
 * @param options - the port, the clock, and the folder for key files
 * @throws `TypeError`: when an option is unknown, or of the wrong type
 * @throws `Error`: when the port is taken
 *
 * @example
 * ```ts
 * import { createZitadelAuth } from '@org/zitadel-auth'
 * import { startLocalZitadel } from '@org/zitadel-auth-testing'
 *
 * const zitadel = await startLocalZitadel()
 * const project = zitadel.createProject({ name: 'tasks' })
 * zitadel.createRole(project, 'admin')
 * const key = zitadel.createApplicationKey(zitadel.createApiApplication(project))
 *
 * const user = zitadel.createServiceUser({ userName: 'tasks-client' })
 * zitadel.grantRole(user, { project, role: 'admin' })
 *
 * const auth = createZitadelAuth({ domain: zitadel.domain, key })
 * await auth.authenticate(`Bearer ${zitadel.createPersonalAccessToken(user)}`, { role: 'admin' })
 * await zitadel.close()
 * ```
 */
export async function startLocalZitadel(options: LocalZitadelOptions = {}): Promise<LocalZitadel> {
  readArguments('startLocalZitadel', START_PARAMETERS, [options])
  const { port = 0, keyFileFolder } = options
  // Not Date.now itself: fake timers may replace it later.
  const now = createClock(options.now ?? (() => Date.now()))
  if (process.env['NODE_ENV'] === 'production')
    process.emitWarning(
      'a local ZITADEL was started under NODE_ENV=production: whoever reaches its port may grant roles',
    )
  const counter = createRequestCounter()
  const faults = createFaults()
  const holds = createHolds()
  const keyFiles = createKeyFiles(keyFileFolder)
  const listener = await createListener(port)
  const { issuer } = listener
  const instance = createInstance({ issuer, now })
  listener.onRequest((request, response) => serve(request, response, { instance, counter, faults, holds }))

  let isClosed = false
  const close = async () => {
    isClosed = true
    await listener.stop()
    instance.outbox.stop()
    faults.recover()
    holds.releaseAll()
    keyFiles.removeTemporaryFiles()
  }
  return {
    ...requireArguments(instance, {
      ...createAdministration(instance),
      fail: faults.fail,
      recover: faults.recover,
      hold: holds.hold,
      writeKeyFile: keyFiles.writeKeyFile,
    }),
    issuer,
    domain: issuer,
    requests: counter.requests,
    resetRequests: counter.resetRequests,
    pause: listener.stop,
    async resume() {
      if (isClosed) throw new TypeError('this local ZITADEL was closed: start another one with startLocalZitadel')
      await listener.listen()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
