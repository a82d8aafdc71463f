import type { Clock } from '../internal/clock.js'
import { type DiagnosticEvents, type Publish, silent } from '../internal/diagnostics.js'
import { createStatusFailure, isRepeatable, isWorking, toFailure } from './failure.js'
import { dropBody, readBody } from './read-body.js'
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
    if (!isWorking(response.status)) throw createStatusFailure(response.status, retryAfterSeconds)
    return { status: response.status, body, cacheControl: response.headers.get('cache-control') }
  }

  async function observe(url: URL, ask: () => Promise<JsonAnswer>): Promise<JsonAnswer> {
    const startedAtMs = clock.now()
    const report = (outcome: DiagnosticEvents['upstream']['outcome']): void =>
      publish('upstream', () => ({
        url: `${url.origin}${url.pathname}`,
        durationMs: clock.now() - startedAtMs,
        outcome,
      }))
    try {
      const answer = await ask()
      report(answer.status)
      return answer
    } catch (error) {
      const failure = toFailure(error, url)
      report(failure.code)
      throw failure
    }
  }

  return async (url, request) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const ask = () => observe(url, () => attempt(url, request, signal))
    try {
      return await ask()
    } catch (failure) {
      if (!isRepeatable(failure) || signal.aborted) throw failure
      await clock.sleep(50 + Math.random() * 100)
      return ask()
    }
  }
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
