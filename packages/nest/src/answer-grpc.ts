import type { HttpRefusal } from '@org/zitadel-auth'
import { type Observable, of, throwError } from 'rxjs'
import { has } from './calls/call.js'
import { findMetadata } from './calls/grpc.js'
import { toEnd } from './calls/grpc-stream.js'
import { type GrpcStatus, toGrpcStatus } from './grpc-status.js'

/** Answers a refused call, in the way Nest wants it of a filter. */
export function answerGrpc(args: readonly unknown[], refusal: HttpRefusal): Observable<unknown> {
  const metadata = findMetadata(args)
  // Another transport: what was thrown came from its handler.
  if (metadata === undefined) return throwError(() => ({ status: 'error', message: refusal.text }))
  const status = toGrpcStatus(refusal, metadata)
  const [call, callback] = args
  return has(call, 'metadata') && metadata === call.metadata
    ? answerStream(call, callback, status)
    : throwError(() => toEnd(status))
}

/** Nest does not tell the client how a handler ended that takes the stream itself, and fails when it ended badly. */
function answerStream(call: unknown, callback: unknown, status: GrpcStatus): Observable<unknown> {
  if (typeof callback === 'function') callback(status)
  else (call as { emit(event: string, error: unknown): unknown }).emit('error', status)
  return of(undefined)
}
