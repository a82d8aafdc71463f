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
  // The end of the loop does not cancel: it would wait for that, past any deadline where somebody has cloned the answer.
  for await (const chunk of response.body?.values({ preventCancel: true }) ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) break
    chunks.push(chunk)
  }
  if (bytes > maxBytes) {
    dropBody(response)
    throw new UnreadableBodyError(`the answer has more than ${maxBytes} bytes`)
  }
  return decode(Buffer.concat(chunks))
}

/** Lets go of a body that nobody reads, and with it of its connection. */
export function dropBody(response: Response): void {
  // Not awaited either, for the same reason; and a body that broke on the way is as good as dropped.
  response.body?.cancel().catch(() => {})
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UnreadableBodyError('the answer is not UTF-8', { cause })
  }
}
