import type { ArgumentsHost } from '@nestjs/common'
import { isAuthorizationError } from '@org/zitadel-auth'
import type { RefusalOptions } from '@org/zitadel-auth/adapter'
import { RefusedException, type Refuser } from './refused-exception.js'
import { setHeaders } from './response.js'

/**
 * Gives what a guard throws for an error. Nest takes no headers from an exception, so those of an HTTP answer are set now: all
 * that do not belong to its body, which a filter of the application may write.
 */
export function toException(
  auth: Refuser,
  error: unknown,
  host: ArgumentsHost,
  { onRefusal }: Required<RefusalOptions>,
): unknown {
  const refusal = auth.refusal(error)
  if (refusal === undefined || !isAuthorizationError(error)) return error
  if (host.getType() === 'http') {
    const { 'Content-Type': _type, 'Content-Length': _length, ...headers } = refusal.headers
    setHeaders(host.getArgByIndex(1), headers)
  }
  return onRefusal === 'throw' ? error : new RefusedException(refusal, error)
}
