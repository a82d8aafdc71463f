/**
 * What an {@link AuthorizationError} keeps of its cause. The message is dropped: it may quote what came over the
 * network, such as the claims of a user.
 */
export interface ErrorCause {
  /** The name, such as `TypeError` or `SocketError`; undefined if it has no valid name. */
  readonly name: string | undefined
  /** The code, such as `ECONNREFUSED`; undefined if it has none. */
  readonly code: string | undefined
}

/** `fetch` wraps what really happened, once or more. A chain may also be a circle. */
const deepest = 8

/** A name or a code of Node.js, undici, OpenSSL or jose; whatever else stands there was written by somebody else. */
const identifier = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/**
 * Gives name and code of what really happened: of the innermost cause. Goes by the members and not by `instanceof`, since
 * under Jest an error of Node.js is of another realm.
 *
 * @param thrown - whatever was caught
 */
export function toErrorCause(thrown: unknown): ErrorCause {
  let error = toMembers(thrown)
  for (let depth = 0; depth < deepest && isErrorLike(error['cause']); depth += 1) error = toMembers(error['cause'])
  return Object.freeze({ name: toIdentifier(error['name']), code: toIdentifier(error['code']) })
}

/** A cause without a name is no error: undici gives some of its errors a bare value as cause. */
function isErrorLike(value: unknown): boolean {
  return toIdentifier(toMembers(value)['name']) !== undefined
}

function toMembers(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function toIdentifier(value: unknown): string | undefined {
  return typeof value === 'string' && identifier.test(value) ? value : undefined
}
