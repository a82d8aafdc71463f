/** The instruments, by their names in OpenTelemetry. A dashboard may rely on them. */
export const metricNames = {
  /** Histogram, seconds: from the request to the decision. */
  authenticateDuration: 'zitadel_auth.authenticate.duration',
  /** Histogram, seconds: requests to ZITADEL, a second try included. */
  requestDuration: 'zitadel_auth.request.duration',
  /** Counter: look-ups in the cache. */
  cacheLookups: 'zitadel_auth.cache.lookups',
  /** Counter: cached answers that made room for others. */
  cacheEvictions: 'zitadel_auth.cache.evictions',
  /** Counter: refused requests. */
  refusals: 'zitadel_auth.refusals',
  /** Gauge: 1 while the circuit breaker lets nothing through to ZITADEL, or one request to see; otherwise 0. */
  breakerOpen: 'zitadel_auth.breaker.open',
  /** Gauge: introspections that run. */
  queueRunning: 'zitadel_auth.queue.running',
  /** Gauge: introspections that wait for their turn. */
  queueWaiting: 'zitadel_auth.queue.waiting',
  /** Gauge: cached answers. */
  cacheEntries: 'zitadel_auth.cache.entries',
} as const

/** The attributes. None has more than a handful of values. */
export const attributeNames = {
  /** The ZITADEL that it is about. */
  issuer: 'zitadel_auth.issuer',
  /** `introspection` or `jwt`; absent where the request was refused or anonymous. */
  verifiedBy: 'zitadel_auth.verified_by',
  /** `hit`, `miss` or `stale`. */
  cacheResult: 'zitadel_auth.cache.result',
  /** `introspection`, `keys`, `discovery` or `token`. */
  requestKind: 'zitadel_auth.request.kind',
  /** The code of an `AuthorizationError`; of the semantic conventions. */
  errorType: 'error.type',
  /** The status of ZITADEL's answer; of the semantic conventions. */
  status: 'http.response.status_code',
  /** Of the semantic conventions. */
  userId: 'user.id',
} as const
