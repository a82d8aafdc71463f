import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { diag } from '@opentelemetry/api'
import type { DiagnosticEvents } from '../internal/diagnostics.js'
import type { TracedEvent, TracedOperations } from '../internal/tracing.js'

/**
 * Ends what {@link observe} began.
 *
 * @group Types for the compiler
 */
export type Stop = () => void

const prefix = '@org/zitadel-auth:'

/** Listens to an event of this library. */
export function onEvent<Name extends keyof DiagnosticEvents>(
  name: Name,
  listener: (event: DiagnosticEvents[Name] & { readonly issuer: string }) => void,
): Stop {
  const hear = guard((message) => listener(message as DiagnosticEvents[Name] & { readonly issuer: string }))
  subscribe(`${prefix}${name}`, hear)
  return () => void unsubscribe(`${prefix}${name}`, hear)
}

/** Listens to the beginning and the end of an operation. */
export function onOperation<Name extends keyof TracedOperations>(
  name: Name,
  listeners: {
    readonly start?: (event: TracedEvent & TracedOperations[Name]) => void
    readonly end: (event: TracedEvent & TracedOperations[Name]) => void
  },
): Stop {
  const channels = tracingChannel(`${prefix}${name}`)
  const hearStart = guard((message) => listeners.start?.(message as TracedEvent & TracedOperations[Name]))
  const hearEnd = guard((message) => listeners.end(message as TracedEvent & TracedOperations[Name]))
  channels.start.subscribe(hearStart)
  channels.asyncEnd.subscribe(hearEnd)
  return () => {
    channels.start.unsubscribe(hearStart)
    channels.asyncEnd.unsubscribe(hearEnd)
  }
}

/** What a listener throws would end the process: a provider that fails must not. */
function guard(listener: (message: unknown) => void): (message: unknown) => void {
  return (message) => {
    try {
      listener(message)
    } catch {
      diag.error('[zitadel-auth] a meter or a tracer of OpenTelemetry has failed')
    }
  }
}
