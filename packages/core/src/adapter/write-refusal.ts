import { toError } from '../internal/thrown.js'

/**
 * Writes the answer to a refused request, for those who write an adapter. Other middleware hangs its own functions onto a
 * response, and what they throw may be anything: a framework that got no error from it would go on to the handler.
 *
 * @param write - sets the status and the headers, and sends the body
 * @throws what `write` throws, and an `Error` in the place of what is no object
 */
export function writeRefusal(write: () => void): void {
  try {
    write()
  } catch (thrown) {
    throw toError(thrown, 'the answer to a refused request')
  }
}
