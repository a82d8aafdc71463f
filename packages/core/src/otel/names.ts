/** The names of the metrics. They are stable: a dashboard may rely on them. */
export const metricNames = {
  /** Histogram, seconds: from the request to the decision. */
  authenticateDuration: 'zitadel_auth.authenticate.duration',
  /** Histogram, seconds: requests to ZITADEL, including retries. */
  requestDuration: 'zitadel_auth.request.duration',
  /** Counter: look-ups in the cache. */
  cacheLookups: 'zitadel_auth.cache.lookups',
  /** Counter: cached responses that were removed to make room. */
  cacheEvictions: 'zitadel_auth.cache.evictions',
  /** Counter: rejected requests. */
  refusals: 'zitadel_auth.refusals',
  /** Gauge: 1 while the circuit breaker stops requests to ZITADEL, or tries a single one; otherwise 0. */
  breakerOpen: 'zitadel_auth.breaker.open',
  /** Gauge: introspection requests that run. */
  queueRunning: 'zitadel_auth.queue.running',
  /** Gauge: introspection requests that wait for their turn. */
  queueWaiting: 'zitadel_auth.queue.waiting',
  /** Gauge: cached responses. */
  cacheEntries: 'zitadel_auth.cache.entries',
} as const

/** The names of the attributes. Except `user.id`, which is off by default, each has only a handful of values. */
export const attributeNames = {
  /** The ZITADEL that it is about. */
  issuer: 'zitadel_auth.issuer',
  /** `introspection` or `jwt`; absent if the request was rejected or anonymous. */
  verifiedBy: 'zitadel_auth.verified_by',
  /** `hit`, `miss` or `stale`. */
  cacheResult: 'zitadel_auth.cache.result',
  /** `introspection`, `keys`, `discovery` or `token`. */
  requestKind: 'zitadel_auth.request.kind',
  /** The code of an `AuthorizationError`. From the semantic conventions. */
  errorType: 'error.type',
  /** The status of ZITADEL's response. From the semantic conventions. */
  status: 'http.response.status_code',
  /** The id of the user. From the semantic conventions. */
  userId: 'user.id',
} as const
