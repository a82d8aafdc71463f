import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/**
 * Reads a body up to a length.
 *
 * @param chunks - the body, piece by piece; if it is too long, the rest stays unread
 * @param maxBytes - how long it may be
 * @returns undefined if it is longer
 * @throws `TypeError`: when a piece is text, since somebody has set an encoding and the bytes are gone
 *
 * @example
 * ```ts
 * import { readBody } from '@org/zitadel-auth/adapter'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const body = await readBody(request.body ?? [], 1_024)
 *   return new Response(null, { status: body === undefined ? 413 : 204 })
 * }
 * ```
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const read: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of chunks) {
    // Somebody has set an encoding: what a decoder made of the bytes is not them.
    if (typeof chunk === 'string') throw createBodyUsed()
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBytes) return undefined
    read.push(chunk)
  }
  return Buffer.concat(read)
}

/**
 * A request of Node.js, and what parsers of the application may have kept of its body.
 *
 * @group Types for the compiler
 */
export interface NodeBody extends Pick<IncomingMessage, 'readableDidRead' | 'iterator' | 'resume'> {
  /** Where the option `rawBody: true` of Nest keeps the bytes. */
  readonly rawBody?: unknown
  /** Where `express.raw()` keeps the bytes. */
  readonly body?: unknown
}

/**
 * Reads the body of a request of Node.js up to a length, or takes the bytes that a parser has kept.
 *
 * @param request - the request
 * @param maxBytes - how long it may be
 * @returns undefined if it is longer
 * @throws `TypeError`: when a parser has read it before, and did not keep the bytes
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { readNodeBody } from '@org/zitadel-auth/adapter'
 *
 * createServer(async (request, response) => {
 *   const body = await readNodeBody(request, 1_024)
 *   response.writeHead(body === undefined ? 413 : 204).end()
 * }).listen(8080)
 * ```
 */
export async function readNodeBody(request: NodeBody, maxBytes: number): Promise<Uint8Array | undefined> {
  const kept = [request.rawBody, request.body].find((body) => body instanceof Uint8Array)
  if (kept !== undefined) return kept.byteLength > maxBytes ? undefined : kept
  if (request.readableDidRead) throw createBodyUsed()
  // Not destroyed when it is too long: its sender has to hear the answer.
  const body = await readBody(request.iterator({ destroyOnReturn: false }), maxBytes)
  if (body === undefined) request.resume()
  return body
}

/**
 * Creates the error for a body that was read before, so that all adapters throw the same.
 *
 * @example
 * ```ts
 * import { createBodyUsed } from '@org/zitadel-auth/adapter'
 *
 * export async function readBytes(request: Request): Promise<ArrayBuffer> {
 *   if (request.bodyUsed) throw createBodyUsed()
 *   return request.arrayBuffer()
 * }
 * ```
 */
export function createBodyUsed(): TypeError {
  return new TypeError(
    'the body was read before by a parser, and its bytes are gone: put the endpoint before the parser, or let that keep them',
  )
}
