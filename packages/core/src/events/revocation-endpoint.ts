import type { Endpoint, EndpointAnswer, EndpointRequest } from '../adapter/endpoint.js'
import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { readClock, systemClock } from '../internal/clock.js'
import { createOnceAMinute } from '../internal/once-a-minute.js'
import type { Logger } from '../internal/problem-log.js'
import { readLogger } from '../internal/read-logger.js'
import { requireFunctions, requireKnown } from '../internal/read-option.js'
import { toHttpRefusal } from '../response/refusal.js'
import { type Forgetful, forgetAllSoon, forgetByEvent } from './forget-by-event.js'
import type { LogoutTokenReader } from './logout-token-reader.js'
import { createEventReader, type EventOptions } from './read-zitadel-event.js'

/** What a revocation endpoint accepts: events, back-channel logouts, or both. */
export interface RevocationOptions extends Partial<EventOptions> {
  /** Reads logout tokens, from `createLogoutTokenReader`. Without it, logouts are rejected. */
  readonly readLogoutToken?: LogoutTokenReader
  /**
   * Where to report why a request was rejected, at most once a minute per reason.
   *
   * @defaultValue `console`
   */
  readonly logger?: Logger
}

/** As ZITADEL's own limit for what it sends. */
const maxBytes = 1024 * 1024

const optionNames: Readonly<Record<keyof RevocationOptions, true>> = {
  signingKey: true,
  toleranceSeconds: true,
  readLogoutToken: true,
  logger: true,
  clock: true,
}

const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }

/**
 * Creates the endpoint that ZITADEL notifies of changes. Applications use `revocationEndpoint` of their adapter; this
 * function is for authors of adapters.
 *
 * It verifies the request, removes from the cache of `auth` what is outdated, and responds with 200 at once. It
 * responds with 401 to an event that ZITADEL has not signed, 400 to an invalid logout token, 405 to other methods than
 * POST, 413 to more than 1 MiB, 415 to a kind of request that no option accepts, and 503 if ZITADEL's keys cannot be
 * fetched.
 *
 * @param auth - from `createZitadelAuth`
 * @param options - `signingKey` accepts events, `readLogoutToken` accepts back-channel logouts: one of them, or both
 * @throws `TypeError`: when `auth` is not a ZitadelAuth, or an option is unknown, missing or malformed
 * @see
 * [OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest)
 *
 * @example
 * ```ts
 * import { createNodeMiddleware } from '@org/zitadel-auth/adapter'
 * import { createRevocationEndpoint } from '@org/zitadel-auth/events'
 *
 * const signingKey = await secrets.read('zitadel-signing-key')
 *
 * app.post('/zitadel/events', createNodeMiddleware(createRevocationEndpoint(auth, { signingKey })))
 * ```
 */
export function createRevocationEndpoint(auth: Forgetful, options: RevocationOptions): Endpoint {
  requireFunctions(auth, ['forget', 'forgetAll'], 'auth, the first argument,')
  const receivers = readReceivers(auth, options)
  const tell = createTeller(options)

  async function receive(request: EndpointRequest): Promise<EndpointAnswer> {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.header('content-type') ?? '')
    const receiver = isForm ? receivers.logout : receivers.event
    if (receiver === undefined) return answer(415, 'unsupported media type')
    const body = await request.readBody(maxBytes)
    if (body === undefined) return answer(413, 'content too large')
    try {
      await receiver(body, request)
      return answer(200)
    } catch (error) {
      if (!isAuthorizationError(error)) throw error
      tell(error)
      return isForm && error.expose ? answer(400, 'bad request') : toRefusal(error)
    }
  }

  return {
    answer: async (request) =>
      request.method === 'POST' ? receive(request) : answer(405, 'method not allowed', { Allow: 'POST' }),
  }
}

type Receiver = (body: Uint8Array, request: EndpointRequest) => unknown

interface Receivers {
  readonly event: Receiver | undefined
  readonly logout: Receiver | undefined
}

function readReceivers(auth: Forgetful, options: RevocationOptions): Receivers {
  requireKnown(options, optionNames, 'option')
  const { readLogoutToken } = options
  const takesEvents = Object.hasOwn(options, 'signingKey')
  const takesLogouts = Object.hasOwn(options, 'readLogoutToken')
  if (!takesEvents && !takesLogouts) {
    throw new TypeError('give signingKey for events, readLogoutToken for back-channel logouts, or both')
  }
  if (takesLogouts && typeof readLogoutToken !== 'function') {
    throw new TypeError('readLogoutToken is what createLogoutTokenReader gives')
  }
  return {
    event: takesEvents ? receiveEvents(auth, options) : undefined,
    logout: readLogoutToken && receiveLogouts(auth, readLogoutToken),
  }
}

function receiveEvents(auth: Forgetful, { signingKey, toleranceSeconds, clock }: RevocationOptions): Receiver {
  const readEvent = createEventReader({ signingKey, toleranceSeconds, clock } as EventOptions)
  return (body, request) => forgetByEvent(auth, readEvent(body, request.header('zitadel-signature')))
}

function receiveLogouts(auth: Forgetful, readLogoutToken: LogoutTokenReader): Receiver {
  return async (body) => {
    const tokens = new URLSearchParams(new TextDecoder().decode(body)).getAll('logout_token')
    // None, or one of several, is no token: its reader says so.
    const { userId } = await readLogoutToken(tokens.length === 1 ? (tokens[0] ?? '') : '')
    if (userId === undefined) forgetAllSoon(auth)
    else auth.forget({ userId })
  }
}

function createTeller({
  logger = console,
  clock = systemClock,
}: RevocationOptions): (error: AuthorizationError) => void {
  const { warn } = readLogger(logger)
  const isDue = createOnceAMinute(readClock(clock))
  return ({ code, reason }) => {
    if (isDue(reason)) warn(`[zitadel-auth] the revocation endpoint refused a request: ${code}: ${reason}`)
  }
}

function answer(status: number, text = '', more: Readonly<Record<string, string>> = {}): EndpointAnswer {
  const body = text && `${text}\n`
  return { status, headers: { ...headers, 'Content-Length': String(body.length), ...more }, body }
}

/** RFC 9110 section 15.5.2 wants a challenge with every 401: this one names what was missing, or not good. */
function toRefusal(error: AuthorizationError): EndpointAnswer {
  const { status, headers: own, body } = toHttpRefusal(error)
  return { status, body, headers: status === 401 ? { ...own, 'WWW-Authenticate': 'ZITADEL-Signature' } : own }
}
