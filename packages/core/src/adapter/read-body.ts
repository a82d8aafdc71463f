import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/**
 * Reads a body up to a length.
 *
 * @param chunks - the body, piece by piece; what is left of one that is too long stays unread
 * @param maxBytes - how long it may be
 * @returns undefined where it is longer
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

/** A request of Node.js, and what parsers of the application may have kept of its body. */
export interface NodeBody extends Pick<IncomingMessage, 'readableDidRead' | 'iterator' | 'resume'> {
  /** As Nest's `rawBody: true` keeps it. */
  readonly rawBody?: unknown
  /** As `express.raw()` keeps it. */
  readonly body?: unknown
}

/**
 * Reads the body of a request of Node.js up to a length, or takes what a parser before has kept of it.
 *
 * @param request - the request
 * @param maxBytes - how long it may be
 * @returns undefined where it is longer
 * @throws {TypeError} where a parser has read it before, and has not kept it
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

/** What is wrong with a request whose body somebody else has read. */
export function createBodyUsed(): TypeError {
  return new TypeError(
    'the body was read before by a parser, and its bytes are gone: put the endpoint before the parser, or let that keep them',
  )
}
