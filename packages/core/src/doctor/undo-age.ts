import type { Transport } from '../provider/transport/transport.js'

/**
 * Makes a transport whose answers have the time at which they come as their `Date`, and not that at which a cache on the way has
 * got them.
 *
 * @see [RFC 9111 section 5.1](https://www.rfc-editor.org/rfc/rfc9111.html#section-5.1)
 */
export function undoAge(transport: Transport): Transport {
  return async (request) => {
    const answer = await transport(request)
    const date = toPresentDate(answer.header('date'), answer.header('age'))
    return { ...answer, header: (name) => (name === 'date' ? date : answer.header(name)) }
  }
}

function toPresentDate(date: string | null, age: string | null): string | null {
  if (date === null || age === null) return date
  const sentAtMs = Date.parse(date)
  // An age that does not read still says that a cache has answered.
  if (Number.isNaN(sentAtMs) || !/^\d{1,8}$/.test(age)) return null
  return new Date(sentAtMs + Number(age) * 1_000).toUTCString()
}
