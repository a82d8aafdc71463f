import { AuthorizationError, isAuthorizationError } from '../errors.js'
import type { Clock } from '../internal/clock.js'
import { type DiagnosticEvents, type Publish, silent } from '../internal/diagnostics.js'
import { dropBody, readBody, UnreadableBodyError } from './read-body.js'
import { readRetryAfterSeconds } from './retry-after.js'

/** The part of `fetch` that this library uses. */
export type Fetch = (url: URL, init: FetchInit) => Promise<Response>

/** Every request of this library has this form. */
export interface FetchInit {
  /** GET for metadata and keys, POST for introspection. */
  readonly method: 'GET' | 'POST'
  /** Plain header names and values. */
  readonly headers: Readonly<Record<string, string>>
  /** The form of a POST. */
  readonly body?: URLSearchParams
  /** A redirect would carry token and credentials to another host. */
  readonly redirect: 'manual'
  /** The deadline over connect, headers and body. */
  readonly signal: AbortSignal
}

/** What to ask. */
export interface JsonRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
}

/** An answer below 500. */
export interface JsonAnswer {
  readonly status: number
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown
  /** The `Cache-Control` header. */
  readonly cacheControl: string | null
}

/** Asks ZITADEL and gives its answer, or throws `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND`. */
export type FetchJson = (url: URL, request: JsonRequest) => Promise<JsonAnswer>

const maxBytes = 1024 * 1024
const busyStatuses: readonly number[] = [408, 425, 429]
const repeatableStatuses: readonly number[] = [502, 503, 504]
const unresolved: readonly unknown[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']

/** Marks a failure after which the same question may be asked once more. */
class RepeatableError extends AuthorizationError {}

/**
 * Makes the one function through which this library talks to ZITADEL: no redirects, one deadline over everything,
 * at most 1 MiB, JSON or nothing, and one retry where the connection failed or a proxy answered 502, 503 or 504.
 *
 * @param options - `fetch`: the network; `timeoutMs`: the deadline of a request, its retry included; `clock`: the time;
 * `publish`: hears of every question
 */
export function createFetchJson({
  fetch,
  timeoutMs,
  clock,
  publish = silent,
}: {
  readonly fetch: Fetch
  readonly timeoutMs: number
  readonly clock: Clock
  readonly publish?: Publish
}): FetchJson {
  async function attempt(url: URL, request: JsonRequest, signal: AbortSignal): Promise<JsonAnswer> {
    const headers = { Accept: 'application/json', ...request.headers }
    const form = request.body === undefined ? {} : { body: request.body }
    const response = await fetch(url, { method: request.method, headers, ...form, redirect: 'manual', signal })
    const retryAfterSeconds = readRetryAfterSeconds(response.headers.get('retry-after'), clock.now())
    // The page with which a proxy says 503 may be long or not UTF-8: its status and Retry-After count all the same.
    const isReadable = isWorking(response.status) && isJson(response)
    const body = isReadable ? parse(await readBody(response, maxBytes)) : dropBody(response)
    requireWorking(response.status, retryAfterSeconds)
    return { status: response.status, body, cacheControl: response.headers.get('cache-control') }
  }

  async function observe(url: URL, task: () => Promise<JsonAnswer>): Promise<JsonAnswer> {
    const startedAtMs = clock.now()
    const report = (outcome: DiagnosticEvents['upstream']['outcome']): void =>
      publish('upstream', () => ({
        url: `${url.origin}${url.pathname}`,
        durationMs: clock.now() - startedAtMs,
        outcome,
      }))
    try {
      const answer = await task()
      report(answer.status)
      return answer
    } catch (error) {
      if (isAuthorizationError(error)) report(error.code)
      throw error
    }
  }

  return async (url, request) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const ask = () => observe(url, () => attempt(url, request, signal).catch((error) => fail(error, url)))
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof RepeatableError) || signal.aborted) throw error
      await clock.sleep(50 + Math.random() * 100)
      return ask()
    }
  }
}

function isWorking(status: number): boolean {
  return status < 500 && !busyStatuses.includes(status)
}

function requireWorking(status: number, retryAfterSeconds: number | undefined): void {
  if (isWorking(status)) return
  // A server that names a time has said that asking at once is no use.
  const isRepeatable = repeatableStatuses.includes(status) && retryAfterSeconds === undefined
  const Failure = isRepeatable ? RepeatableError : AuthorizationError
  throw new Failure('ERR_PROVIDER_UNAVAILABLE', `ZITADEL answered with status ${status}`, { retryAfterSeconds })
}

function isJson(response: Response): boolean {
  return /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fail(error: unknown, url: URL): never {
  if (error instanceof AuthorizationError) throw error
  const { code = undefined, name = undefined } = toCause(error)
  if (unresolved.includes(code)) {
    throw new AuthorizationError('ERR_PROVIDER_NOT_FOUND', `the host ${url.hostname} does not resolve (${code})`, {
      cause: error,
    })
  }
  if (name === 'TimeoutError') {
    throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host} did not answer in time`, { cause: error })
  }
  if (error instanceof UnreadableBodyError) {
    throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', `${url.host}: ${error.message}`, { cause: error })
  }
  const hint = code === undefined ? '' : ` (${code})`
  throw new RepeatableError('ERR_PROVIDER_UNAVAILABLE', `${url.host} cannot be reached${hint}`, { cause: error })
}

/** `fetch` wraps what really happened, once or more. */
function toCause(error: unknown): { readonly code?: unknown; readonly name?: unknown } {
  let cause = error
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth += 1)
    cause = cause.cause
  return cause instanceof Error || cause instanceof DOMException ? (cause as { code?: unknown; name?: unknown }) : {}
}
