import { AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { toErrorCause } from '../errors/cause.js'
import { UnreadableBodyError } from './transport/unreadable-body.js'

/** Failures that are ZITADEL's own word that it can't answer, for now. */
const serverErrors = new WeakSet<AuthorizationError>()
/** Failures with which it asks to be left alone. */
const throttled = new WeakSet<AuthorizationError>()

/** Tells whether ZITADEL, or a proxy before it, has answered 5xx. */
export function isServerError(failure: unknown): boolean {
  return isAuthorizationError(failure) && serverErrors.has(failure)
}

/** For how long everybody is to leave ZITADEL alone, in milliseconds: that is about who asks, and not about one token. */
export function toThrottledMs(failure: AuthorizationError): number | undefined {
  const { retryAfterSeconds } = failure
  return throttled.has(failure) && retryAfterSeconds !== undefined ? retryAfterSeconds * 1_000 : undefined
}

/** Failures after which the same question may be asked once more. */
const repeatable = new WeakSet<AuthorizationError>()

const busyStatuses: readonly number[] = [408, 425, 429]
const repeatableStatuses: readonly number[] = [502, 503, 504]
const notTls: readonly unknown[] = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']
const unresolved: readonly unknown[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']

/** Tells whether asking once more may help: the connection failed, or a proxy on the way could not go on. */
export function isRepeatable(failure: unknown): boolean {
  return isAuthorizationError(failure) && repeatable.has(failure)
}

/** Tells whether a server that answers with this status is in a state to answer. */
export function isWorking(status: number): boolean {
  return status < 500 && !busyStatuses.includes(status)
}

/**
 * Makes the failure of a server that is not in a state to answer. One that names a time has said that asking at once is
 * no use.
 */
export function createStatusFailure(status: number, retryAfterSeconds: number | undefined): AuthorizationError {
  const failure = unavailable(`ZITADEL answered with status ${status}`, { retryAfterSeconds })
  if (repeatableStatuses.includes(status) && retryAfterSeconds === undefined) repeatable.add(failure)
  if (status >= 500) serverErrors.add(failure)
  if (status === 429) throttled.add(failure)
  return failure
}

/** Makes the failure of a server that did not answer before the deadline. */
export function createTimeout(url: URL): AuthorizationError {
  return unavailable(`${url.host} did not answer in time`, {})
}

/** Failures that are answers, in a way: something came back, and was not what can be read. */
const unreadable = new WeakSet<AuthorizationError>()

/** Tells whether an answer came that could not be read: it was too long, or no text. */
export function isUnreadableAnswer(failure: unknown): failure is AuthorizationError {
  return isAuthorizationError(failure) && unreadable.has(failure)
}

/**
 * Says what went wrong between this process and ZITADEL.
 *
 * @param error - what `fetch`, or reading the body, threw
 * @param url - what was asked
 */
export function toFailure(error: unknown, url: URL): AuthorizationError {
  if (isAuthorizationError(error)) return error
  const { code, name } = toErrorCause(error)
  if (unresolved.includes(code)) {
    const message = `the host ${url.hostname} does not resolve (${code})`
    return new AuthorizationError('ERR_PROVIDER_NOT_FOUND', message, { cause: error })
  }
  if (notTls.includes(code) || isNotTls(error)) {
    const message = `${url.host} does not speak https: for a ZITADEL on this machine write http://${url.host}`
    return new AuthorizationError('ERR_CONFIGURATION', message, { cause: error })
  }
  if (code === 'ERR_INVALID_PROTOCOL') {
    const message = `the agent cannot reach ${url.host}: it takes one of node:${url.protocol.slice(0, -1)}`
    return new AuthorizationError('ERR_CONFIGURATION', message, { cause: error })
  }
  if (name === 'TimeoutError') return createTimeout(url)
  if (error instanceof UnreadableBodyError) {
    const failure = unavailable(`${url.host}: ${error.message}`, {})
    unreadable.add(failure)
    return failure
  }
  const failure = unavailable(`${url.host} cannot be reached${code === undefined ? '' : ` (${code})`}`, {
    cause: error,
  })
  repeatable.add(failure)
  return failure
}

/** What OpenSSL says of an answer that is no TLS comes from `node:https` in the words of an error that names a failed write. */
function isNotTls(error: unknown): boolean {
  const { code, message } = Object(error) as Readonly<Record<string, unknown>>
  return code === 'EPROTO' && /wrong version number|packet length too long/.test(String(message))
}

function unavailable(
  message: string,
  options: { readonly cause?: unknown; readonly retryAfterSeconds?: number | undefined },
): AuthorizationError {
  return new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', message, options)
}
