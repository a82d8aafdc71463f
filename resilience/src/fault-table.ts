import type { Endpoint } from './fault-proxy.js'
import type { FaultName } from './faults.js'

/**
 * What an API does about every fault: the status of the answers, the first one first where there are two, how many questions the first of twenty requests costs
 * at the endpoint with the fault and how many all twenty do, and how many seconds after the end of the fault requests
 * pass again.
 *
 * - 503: ZITADEL does not answer, or not with what it should. 500: something answers that is not the configured ZITADEL,
 *   or does not accept this API. 401: ZITADEL has spoken, and not for the token.
 * - 401, then 503: keys were fetched for a key that nobody knows as often as they may be for now.
 * - A question that may be repeated is asked twice. After five failures in a row none is asked for a second; keys are
 *   not asked for again before their backoff is over. An answer that a firewall may have given to one token is no failure.
 */
export const faultTable: Readonly<Record<FaultName, Readonly<Record<Endpoint, string>>>> = {
  'connection refused': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'reset before the headers': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'reset after the headers': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'hang before the headers': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/5, 1 s'),
  'hang in the body': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/5, 1 s'),
  'slow drip': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/5, 1 s'),
  'status 204': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'redirect 301 to another host': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'redirect 302 to another host': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'redirect 307 to another host': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'redirect 308 to another host': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'status 400': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/5, 1 s'),
  'status 401': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/5, 1 s'),
  'status 403': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'status 404 as text': row('500, 1/5, 1 s', '503, 1/1, 1 s', '500, 1/20, 0 s'),
  'status 429': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/5, 1 s'),
  'status 429 with Retry-After: 30': row('503, 1/1, 30 s', '503, 1/1, 30 s', '503, 1/1, 30 s'),
  'status 500': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/5, 1 s'),
  'status 502': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'status 503': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'status 503 with Retry-After: 30': row('503, 1/1, 30 s', '503, 1/1, 30 s', '503, 1/1, 30 s'),
  'HTML in the place of JSON': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'truncated JSON': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'another content type': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'a body of 20 MB': row('503, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'a gzip bomb of 1 GB': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'another issuer': row('500, 1/5, 1 s', '401 then 503, 1/4, 10 s', '401, 1/20, 0 s'),
  'a body that says it is gzip, and is none': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'a body that says it is br, and is none': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'a malformed chunk': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  'a malformed header': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
  '10,000 keys': row('500, 1/5, 1 s', '503, 1/1, 1 s', '503, 1/20, 0 s'),
  'certificate error': row('503, 2/10, 1 s', '503, 2/2, 1 s', '503, 2/10, 1 s'),
}

/** What the client reads. */
export const refusals: Readonly<Record<string, string>> = {
  401: 'unauthorized: token is invalid or has expired\n',
  500: 'internal server error\n',
  503: 'service unavailable: the token cannot be verified right now\n',
}

function row(discovery: string, keys: string, introspection: string): Readonly<Record<Endpoint, string>> {
  return { discovery, keys, introspection }
}
