// What an application does before everything else: OpenTelemetry with the instrumentations of its servers.
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
const { context, propagation, trace } = require('@opentelemetry/api')
const { W3CTraceContextPropagator } = require('@opentelemetry/core')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { GrpcInstrumentation } = require('@opentelemetry/instrumentation-grpc')
const sdk = require('@opentelemetry/sdk-trace-base')

const exporter = new sdk.InMemorySpanExporter()
const provider = new sdk.BasicTracerProvider({ spanProcessors: [new sdk.SimpleSpanProcessor(exporter)] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(provider)
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
for (const instrumentation of [new HttpInstrumentation(), new GrpcInstrumentation()]) {
  instrumentation.setTracerProvider(provider)
  instrumentation.enable()
}

/** Prints each span by its kind and name, after those above it. */
exports.printSpans = () => {
  const spans = exporter.getFinishedSpans()
  const toPath = (span) => {
    const parent = spans.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId)
    return parent === undefined ? [toName(span)] : [...toPath(parent), toName(span)]
  }
  process.stdout.write(
    `${spans
      .map((span) => toPath(span).join(' > '))
      .sort()
      .join('\n')}\n`,
  )
}

const kinds = ['internal', 'server', 'client']
const toName = ({ kind, name }) => `${kinds[kind]} ${name}`
