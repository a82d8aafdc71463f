import { toError } from '../internal/thrown.js'

/**
 * Runs a function that writes an error response, and turns whatever it throws into an `Error`. Other middleware
 * replaces functions of a response and may throw anything; a framework that gets no error would go on to the handler.
 *
 * @param write - sets the status and the headers, and sends the body
 * @throws `Error`: what `write` throws, wrapped if it is not an object
 *
 * @example
 * ```ts
 * import type { ServerResponse } from 'node:http'
 * import { writeRefusal } from '@org/zitadel-auth/adapter'
 *
 * export function respond(error: unknown, response: ServerResponse): void {
 *   const refusal = auth.refusal(error)
 *   if (refusal === undefined) throw error
 *   writeRefusal(() => response.writeHead(refusal.status, refusal.headers).end(refusal.body))
 * }
 * ```
 */
export function writeRefusal(write: () => void): void {
  try {
    write()
  } catch (thrown) {
    throw toError(thrown, 'the answer to a refused request')
  }
}
