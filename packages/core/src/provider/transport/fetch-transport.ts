import { Buffer } from 'node:buffer'
import type { Transport } from './transport.js'
import { createTooLong, decodeText } from './unreadable-body.js'

/** The part of `fetch` that the library uses. The global `fetch` fits, and so do those of undici and node-fetch. */
export type Fetch = (url: URL, init: FetchInit) => Promise<FetchAnswer>

/**
 * The part of a `Response` that the library uses.
 *
 * @group Types for the compiler
 */
export interface FetchAnswer {
  /** The status. */
  readonly status: number
  /** The headers. A header that does not exist is null. */
  readonly headers: { get(name: string): string | null }
  /** A stream of the web or of Node.js. */
  readonly body: object | null
}

/**
 * What the library gives to a {@link Fetch}.
 *
 * @group Types for the compiler
 */
export interface FetchInit {
  /** GET for metadata and keys, POST for introspection and tokens. */
  readonly method: 'GET' | 'POST'
  /** Plain header names and values. */
  readonly headers: Readonly<Record<string, string>>
  /** The form of a POST. */
  readonly body?: URLSearchParams
  /** A redirect could send the token and the credentials to another host. */
  readonly redirect: 'manual'
  /** Next.js replaces the global `fetch` by one that caches responses for a year. */
  readonly cache: 'no-store'
  /** The deadline for connect, headers and body. */
  readonly signal: AbortSignal
}

/** Sends requests by a `fetch`: the application's, or that of a runtime that has nothing else. */
export function createFetchTransport(fetch: Fetch): Transport {
  return async ({ url, method, headers, body, deadline }) => {
    const { signal } = deadline
    const form = body === undefined ? {} : { body }
    const response = await fetch(url, { method, headers, ...form, redirect: 'manual', cache: 'no-store', signal })
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      readText: (maxBytes) => readText(response.body as AnyBody | null, maxBytes),
      drop: () => drop(response.body as AnyBody | null),
    }
  }
}

/** Decoded bytes are what counts: a small compressed answer can unpack to gigabytes, and a `Content-Length` can lie. */
async function readText(body: AnyBody | null, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of toChunks(body)) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) break
    chunks.push(chunk)
  }
  if (bytes > maxBytes) {
    drop(body)
    throw createTooLong(maxBytes)
  }
  return decodeText(Buffer.concat(chunks))
}

/** The body of node-fetch is a stream of Node.js, which has chunks too, and `destroy` in the place of `values` and `cancel`. */
type AnyBody = AsyncIterable<Uint8Array> &
  Partial<Pick<ReadableStream<Uint8Array>, 'values' | 'cancel'>> & { readonly destroy?: () => void }

function toChunks(body: AnyBody | null): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  // The end of the loop must not cancel: it would wait for that, past any deadline where somebody has cloned the answer.
  return body?.values?.({ preventCancel: true }) ?? body ?? []
}

function drop(body: AnyBody | null): void {
  // Not awaited, for the same reason; and a body that broke on the way is as good as dropped.
  body?.cancel?.().catch(() => {})
  body?.destroy?.()
}
