import { Metadata, type StatusObject, status } from '@grpc/grpc-js'
import type { HttpRefusal, ZitadelAuth } from '@org/zitadel-auth'

/** The one table from the status that core decides on to gRPC's. */
const codes: Readonly<Record<HttpRefusal['status'], status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
}

/**
 * Returns the gRPC status for an `AuthorizationError`, such as that of `authorize(context, requirement)` in a handler:
 * for its callback, or for `call.emit('error', …)`. Returns undefined for any other error.
 *
 * @param auth - from `createZitadelAuth`
 * @param error - anything that was thrown
 *
 * @example
 * ```ts
 * import type { handleUnaryCall } from '@grpc/grpc-js'
 * import { authorize } from '@org/zitadel-auth'
 * import { getAuthorization, toGrpcRefusal } from '@org/zitadel-auth-grpc'
 *
 * export const deleteTasks: handleUnaryCall<object, object> = (call, callback) => {
 *   try {
 *     authorize(getAuthorization(call), { role: 'admin' })
 *     callback(null, {})
 *   } catch (error) {
 *     callback(toGrpcRefusal(auth, error) ?? (error as Error))
 *   }
 * }
 * ```
 */
export function toGrpcRefusal(auth: Pick<ZitadelAuth, 'refusal'>, error: unknown): StatusObject | undefined {
  const refusal = auth.refusal(error)
  if (refusal === undefined) return undefined
  return {
    code: codes[refusal.status],
    details: toWellFormed(refusal.text),
    metadata: toTrailers(refusal.headers),
  }
}

/** The text of a status is percent-encoded UTF-8, which half a surrogate pair, as in the name of a role, would break. */
function toWellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/**
 * @see [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback): what a client that retries
 * by itself waits for
 */
function toTrailers(headers: HttpRefusal['headers']): Metadata {
  const trailers = new Metadata()
  const challenge = headers['WWW-Authenticate']
  const retryAfterSeconds = headers['Retry-After']
  if (challenge !== undefined) trailers.set('www-authenticate', challenge)
  if (retryAfterSeconds !== undefined) {
    trailers.set('retry-after', retryAfterSeconds)
    trailers.set('grpc-retry-pushback-ms', String(Number(retryAfterSeconds) * 1_000))
  }
  return trailers
}
