import { readText } from '../internal/read-option.js'
import type { RenewedToken } from './renewed-token.js'

/**
 * Like the global `fetch`, for the origins that may get the token.
 *
 * @group Types for the compiler
 */
export type AuthorizedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * Reads the option `allowedOrigins`.
 *
 * @returns origins as `URL` writes them
 * @throws `TypeError`: when one is no origin, or plain http to a host that is not this machine
 */
export function readAllowedOrigins(
  given: readonly string[],
  requireSecure: (url: URL, what: string) => void,
): ReadonlySet<string> {
  if (!Array.isArray(given)) throw new TypeError('allowedOrigins is a list')
  return new Set(
    Array.from(given, (value: unknown) => {
      const text = readText(value, 'an origin of allowedOrigins')
      const url = URL.canParse(text) ? new URL(text) : undefined
      if (
        url === undefined ||
        !/^https?:$/.test(url.protocol) ||
        url.href !== `${url.origin}/` ||
        /[/?#]$/.test(text)
      ) {
        throw new TypeError(
          'an origin of allowedOrigins is like https://api.example.com, without a path or a slash at the end',
        )
      }
      requireSecure(url, 'an origin of allowedOrigins')
      return url.origin
    }),
  )
}

/** What {@link createAuthorizedFetch} takes. */
export interface AuthorizedFetchOptions {
  readonly renewed: RenewedToken
  readonly allowedOrigins: ReadonlySet<string>
}

/**
 * Makes a `fetch` that sends the token, and sends it nowhere else: another origin than those allowed is an error, and a redirect is
 * not followed but given to the caller. A request that is answered with 401 is sent once more with a new token, if there is one and
 * the body can be sent twice.
 */
export function createAuthorizedFetch({ renewed, allowedOrigins }: AuthorizedFetchOptions): AuthorizedFetch {
  function requireAllowed(url: string): void {
    const { origin } = new URL(url)
    if (allowedOrigins.has(origin)) return
    throw new TypeError(`the token is not sent to ${origin}: name the origin in allowedOrigins if it is meant for it`)
  }

  return async (input, init = {}) => {
    const target = toTarget(input)
    requireAllowed(target instanceof URL ? target.href : target.url)
    const request = toRequest(target, init)
    // What is sent, and not what was given: an object may say something else each time it is asked.
    requireAllowed(request.url)
    const again = isRepeatable(input, init) ? request.clone() : undefined
    const token = await untilAborted(renewed.get(), request.signal)
    const answer = await send(request, token)
    if (answer.status !== 401 || again === undefined) return answer
    // Without another token the 401 is what the caller has to know.
    const other = await untilAborted(renewed.replace(token), again.signal).catch(() => undefined)
    if (other === undefined) return answer
    await answer.body?.cancel()
    return send(again, other)
  }
}

function toTarget(input: string | URL | Request): URL | Request {
  return input instanceof Request ? input : new URL(String(input))
}

function toRequest(target: URL | Request, init: RequestInit): Request {
  const { redirect = 'manual' } = init
  if (redirect !== 'manual' && redirect !== 'error') {
    throw new TypeError("a redirect is not followed with a token: leave redirect away, or give 'manual' or 'error'")
  }
  if (target instanceof URL && target.username + target.password !== '') {
    throw new TypeError('the address has a user name or a password in it: the token is what the request is sent with')
  }
  const request = new Request(target, { ...init, redirect })
  if (!request.headers.has('authorization')) return request
  throw new TypeError('the request has an Authorization header of its own: leave it away, or use the global fetch')
}

/** Waits for a token as long as the caller waits for the request. */
async function untilAborted<Result>(token: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted()
  const { promise: aborted, stop } = whenAborted(signal)
  return Promise.race([token, aborted]).finally(stop)
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<never>; stop(): void } {
  let abort = (): void => {}
  const promise = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort)
  })
  return { promise, stop: () => signal.removeEventListener('abort', abort) }
}

/** A stream can be read once, and reading it ahead for a second time would keep it in memory. */
function isRepeatable(input: string | URL | Request, { body }: RequestInit): boolean {
  const isStream = body instanceof ReadableStream || typeof Object(body)[Symbol.asyncIterator] === 'function'
  return !isStream && !(body === undefined && input instanceof Request && input.body !== null)
}

function send(request: Request, token: string): Promise<Response> {
  request.headers.set('authorization', `Bearer ${token}`)
  return fetch(request)
}
