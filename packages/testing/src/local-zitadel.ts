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

/** What {@link startLocalZitadel} takes. */
export interface LocalZitadelOptions {
  /** Default: 0, any free port. */
  readonly port?: number
  /** The server's clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
  /** Where key files go. They stay there. Default: a temporary folder that `close()` removes. */
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

/** A running local ZITADEL: what one does in the Console, and what only a test may do. */
export interface LocalZitadel
  extends Administration,
    Pick<KeyFiles, 'writeKeyFile'>,
    Pick<RequestCounter, 'requests' | 'resetRequests'>,
    Pick<Faults, 'fail' | 'recover'>,
    Pick<Holds, 'hold'> {
  /** The public address, `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly issuer: string
  /** The same address, for `createZitadelAuth({ domain })`. */
  readonly domain: string
  /** Stops listening and cuts all connections: clients see a refused connection. */
  pause(): Promise<void>
  /**
   * Listens again, on the same port.
   *
   * @throws {TypeError} after `close()`.
   */
  resume(): Promise<void>
  /** Stops for good: cuts all connections and removes the temporary folder. More than once is fine. */
  close(): Promise<void>
  /** The same as {@link LocalZitadel.close}, for `await using`, which TypeScript and Vitest compile for Node.js before 24. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a ZITADEL of one's own on loopback, with one organization in it and nothing else. Warns under
 * `NODE_ENV=production`.
 *
 * @throws {TypeError} for an option that there is not, or that is of the wrong type. All functions of the local ZITADEL
 * throw one as well, for what is misspelt, of the wrong type, or not of this local ZITADEL.
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
