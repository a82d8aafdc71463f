import type { HttpRefusal } from '@org/zitadel-auth'
import type { MetadataLike } from './calls/grpc.js'

/** The answer of gRPC to a refused call. */
export interface GrpcStatus {
  /** The number of the status. */
  readonly code: number
  /** What the client may read of the reason. */
  readonly message: string
  /** The trailers, for clients that retry or ask for a token. */
  readonly metadata: MetadataLike
}

/** The one table from the status that core decides on to gRPC's. */
const codes: Readonly<Record<HttpRefusal['status'], number>> = {
  // INVALID_ARGUMENT, UNAUTHENTICATED, PERMISSION_DENIED, INTERNAL, UNAVAILABLE
  400: 3,
  401: 16,
  403: 7,
  500: 13,
  503: 14,
}

/**
 * Gives the answer of gRPC to a refused call.
 *
 * @param received - the metadata of the call, whose class makes the trailers
 */
export function toGrpcStatus({ status, text, headers }: HttpRefusal, received: MetadataLike): GrpcStatus {
  return { code: codes[status], message: toWellFormed(text), metadata: toTrailers(headers, received) }
}

/** The text of a status is percent-encoded UTF-8, which half a surrogate pair, as in the name of a role, would break. */
function toWellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/**
 * @see [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback): what a client that retries
 * by itself waits for
 */
function toTrailers(headers: HttpRefusal['headers'], received: MetadataLike): MetadataLike {
  const trailers = new (received.constructor as new () => MetadataLike)()
  const challenge = headers['WWW-Authenticate']
  const retryAfterSeconds = headers['Retry-After']
  if (challenge !== undefined) trailers.set('www-authenticate', challenge)
  if (retryAfterSeconds !== undefined) {
    trailers.set('retry-after', retryAfterSeconds)
    trailers.set('grpc-retry-pushback-ms', String(Number(retryAfterSeconds) * 1_000))
  }
  return trailers
}
