import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { TracedEvent, TracedOperations } from '../internal/tracing.js'
import { onOperation, type Stop } from './listen.js'
import { attributeNames } from './names.js'

/**
 * Makes a span of each request to ZITADEL, as a child of what is active when it is made: the span of the server, and its renewal
 * in the background a child of the one whose request has caused it. What the instrumentation of `node:http` sees is its child.
 */
export function recordSpans(tracer: Tracer): Stop {
  const spans = new WeakMap<TracedEvent, Span>()
  return onOperation('request', {
    start(event) {
      const span = startSpan(tracer, event)
      spans.set(event, span)
      const { enter = (run: () => unknown) => run() } = event
      const inSpan = trace.setSpan(context.active(), span)
      event.enter = (run) => enter(() => context.with(inSpan, run))
    },
    end(event) {
      const span = spans.get(event)
      if (span === undefined) return
      if (event.status !== undefined) span.setAttribute(attributeNames.status, event.status)
      if (event.code !== undefined) {
        span.setAttribute(attributeNames.errorType, event.code)
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  })
}

function startSpan(tracer: Tracer, { issuer, kind, url }: TracedEvent & TracedOperations['request']): Span {
  return tracer.startSpan(`zitadel ${kind ?? 'request'}`, {
    kind: SpanKind.INTERNAL,
    attributes: {
      [attributeNames.issuer]: issuer,
      'url.full': url,
      ...(kind && { [attributeNames.requestKind]: kind }),
    },
  })
}
