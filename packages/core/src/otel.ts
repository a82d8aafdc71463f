/**
 * Metrics and spans for OpenTelemetry.
 *
 * @packageDocumentation
 */

export type { Stop } from './otel/listen.js'
export { attributeNames, metricNames } from './otel/names.js'
export { type ObserveOptions, observe } from './otel/observe.js'
