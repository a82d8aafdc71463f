/** A body that no honest answer has. */
export class UnreadableBodyError extends Error {}

/** Makes the error of a body that is too long. */
export function createTooLong(maxBytes: number): UnreadableBodyError {
  return new UnreadableBodyError(`the response has more than ${maxBytes} bytes, which is the option maxResponseBytes`)
}

/** Reads bytes as UTF-8, and nothing else. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UnreadableBodyError('the answer is not UTF-8', { cause })
  }
}
