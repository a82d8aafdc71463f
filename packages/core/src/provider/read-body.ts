import { Buffer } from 'node:buffer'

/** A body that no honest answer has. */
export class UnreadableBodyError extends Error {}

/**
 * Reads a body as text, up to a number of decoded bytes: a small compressed answer can unpack to gigabytes, and a
 * `Content-Length` can lie.
 *
 * @param response - the answer
 * @param maxBytes - the cap
 * @throws {UnreadableBodyError} when the body has more bytes, or is not UTF-8
 */
export async function readBody(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream, and with it the connection.
    if (bytes > maxBytes) throw new UnreadableBodyError(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return decode(Buffer.concat(chunks))
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UnreadableBodyError('the answer is not UTF-8', { cause })
  }
}
