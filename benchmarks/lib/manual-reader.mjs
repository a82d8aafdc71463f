// What reads metrics when it is asked to, and not by itself.
import { MetricReader } from '@opentelemetry/sdk-metrics'

export class ManualReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}
