import { Buffer } from 'node:buffer'
import type { AuthorizationError } from '../errors/authorization-error.js'
import { type ClientText, type Meaning, toClientText, toMeaning } from '../errors/meanings.js'

/** The format of error responses: one line of text, as ZITADEL's own APIs use, or problem details (RFC 9457). */
export type RefusalFormat = 'text' | 'problem-json'

/** The HTTP response to a rejected request, for any framework. */
export interface HttpRefusal {
  /** The status: 400, 401, 403, 500 or 503. */
  readonly status: 400 | 401 | 403 | 500 | 503
  /** All headers of the response, including `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. Leave it out in the response to a HEAD request. */
  readonly body: string
  /**
   * What the client may read about the reason, in one line: the body of the format `text`, for responses that are not
   * HTTP.
   */
  readonly text: string
  /** Returns the same as a `Response`, if the runtime has one. */
  toResponse(): Response
}

/**
 * Gives the HTTP answer to a refused request. Its text is fixed per code; only an unmet requirement is named, and that
 * is the API's own word.
 *
 * @param error - why the request was refused
 * @param options - `format`: `text` (default) or `problem-json`
 * @see [RFC 6750 section 3](https://www.rfc-editor.org/rfc/rfc6750.html#section-3),
 * [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457.html)
 */
export function toHttpRefusal(
  error: AuthorizationError,
  { format = 'text' }: { readonly format?: RefusalFormat } = {},
): HttpRefusal {
  const meaning = toMeaning(error.code)
  const words = toClientText(meaning, error.unmetRequirement)
  const { type, body } = writers[format](meaning, words)
  const { status } = meaning
  const headers = {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...error.headers,
  }
  return { status, headers, body, text: words.text, toResponse: () => new Response(body, { status, headers }) }
}

type Writer = (meaning: Meaning, words: ClientText) => { readonly type: string; readonly body: string }

const writers: Readonly<Record<RefusalFormat, Writer>> = {
  text: (_meaning, { text }) => ({ type: 'text/plain; charset=utf-8', body: `${text}\n` }),
  'problem-json': ({ status }, { detail }) => ({
    type: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: titles[status], status, detail }),
  }),
}

/** Written out, since workers of before September 2025 have no `node:http`. */
const titles: Readonly<Record<Meaning['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
