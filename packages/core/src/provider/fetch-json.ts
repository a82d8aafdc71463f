import type { Clock } from '../internal/clock.js'
import { createDeadline, type Deadline } from '../internal/deadline.js'
import { type DiagnosticEvents, type Publish, silent } from '../internal/diagnostics.js'
import { type RequestKind, type Trace, untraced } from '../internal/tracing.js'
import { createStatusFailure, createTimeout, isRepeatable, isWorking, toFailure } from './failure.js'
import { readRetryAfterSeconds } from './retry-after.js'
import type { Transport, TransportAnswer } from './transport/transport.js'
import { createUnknownInstance, readExternalDomain } from './unknown-instance.js'

/** What to ask. */
export interface JsonRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
  /** What is asked for, for whoever measures it. Default: something else. */
  readonly kind?: RequestKind
}

/** An answer below 500. */
export interface JsonAnswer {
  readonly status: number
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown
  /** The `Cache-Control` header. */
  readonly cacheControl: string | null
  /** By how many seconds this machine's clock is ahead of the server's, by its `Date` header; NaN where it has none. */
  readonly clockAheadSeconds: number
}

/**
 * Asks ZITADEL and gives its answer, or throws `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND`, and `ERR_CONFIGURATION`
 * where no ZITADEL can be reached as configured, or it does not know the name by which it was asked.
 */
export type FetchJson = (url: URL, request: JsonRequest) => Promise<JsonAnswer>

/** What {@link createFetchJson} takes. */
export interface FetchJsonOptions {
  /** The network. */
  readonly transport: Transport
  /** The deadline of a request, its retry included. */
  readonly timeoutMs: number
  /** How long an answer may be. Default: 1 MiB. */
  readonly maxResponseBytes?: number
  readonly clock: Clock
  /** Hears of every request. */
  readonly publish?: Publish
  /** Hears of every question, a second try included. */
  readonly trace?: Trace
}

/**
 * Makes the one function through which this library talks to ZITADEL: no redirects, no compression, one deadline over
 * everything, at most so many bytes, JSON or nothing, and one retry where the connection failed or a proxy answered 502, 503
 * or 504.
 */
export function createFetchJson({
  transport,
  timeoutMs,
  maxResponseBytes = 1024 * 1024,
  clock,
  publish = silent,
  trace = untraced,
}: FetchJsonOptions): FetchJson {
  async function attempt(url: URL, request: JsonRequest, isRetry: boolean, deadline: Deadline): Promise<JsonAnswer> {
    const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity', ...request.headers }
    const { method, body: form } = request
    const answer = await transport({ method, ...(form && { body: form }), url, headers, deadline, isRetry })
    const { status, header } = answer
    const nowMs = clock.now()
    const retryAfterSeconds = readRetryAfterSeconds(header('retry-after'), nowMs)
    const externalDomain = status === 404 && isOf(plainText, answer) ? await readExternalDomain(answer) : undefined
    if (externalDomain !== undefined) throw createUnknownInstance({ url, headers }, externalDomain)
    // The page with which a proxy says 503 may be long or not UTF-8: its status and Retry-After count all the same.
    const isReadable = isWorking(status) && isOf(json, answer)
    const body = isReadable ? parse(await answer.readText(maxResponseBytes)) : answer.drop()
    if (!isWorking(status)) throw createStatusFailure(status, retryAfterSeconds)
    return {
      status,
      body,
      cacheControl: header('cache-control'),
      // Few ask, and reading a date takes as long as reading the claims.
      get clockAheadSeconds() {
        return (nowMs - Date.parse(header('date') ?? '')) / 1_000
      },
    }
  }

  async function observe(url: URL, ask: () => Promise<JsonAnswer>): Promise<JsonAnswer> {
    const startedAtMs = clock.elapsed()
    const report = (outcome: DiagnosticEvents['upstream']['outcome']): void =>
      publish('upstream', () => ({
        url: toAddress(url),
        durationMs: clock.elapsed() - startedAtMs,
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

  async function askTwice(url: URL, request: JsonRequest): Promise<JsonAnswer> {
    const deadline = createDeadline(clock, timeoutMs, () => createTimeout(url))
    const ask = (isRetry: boolean) => observe(url, () => deadline.race(attempt(url, request, isRetry, deadline)))
    try {
      return await ask(false)
    } catch (failure) {
      if (!isRepeatable(failure) || deadline.isOver) throw failure
      await deadline.race(clock.sleep(50 + Math.random() * 100))
      return await ask(true)
    } finally {
      deadline.clear()
    }
  }

  return (url, request) =>
    trace.run(
      'request',
      { kind: request.kind, url: toAddress(url) },
      () => askTwice(url, request),
      ({ status }) => ({ status }),
    )
}

function toAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

const json = /^application\/([\w.+-]+\+)?json\s*(;|$)/i
const plainText = /^text\/plain\s*(;|$)/i

/** No compression is asked for, and none is undone: a body that says it has some is none that can be read. */
function isOf(type: RegExp, { header }: TransportAnswer): boolean {
  const encoding = header('content-encoding') ?? 'identity'
  return encoding === 'identity' && type.test(header('content-type') ?? '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
