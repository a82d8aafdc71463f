/**
 * Metrics and spans for OpenTelemetry. Needs `@opentelemetry/api`.
 *
 * @module @org/zitadel-auth/otel
 */

// In the order of the reference: what one looks up first.

export { type ObserveOptions, observe } from './otel/observe.js'

// The names.

export type { Stop } from './otel/listen.js'
export { attributeNames, metricNames } from './otel/names.js'
