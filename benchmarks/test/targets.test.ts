import { expect, it } from 'vitest'
import { judge } from '../report/targets.mjs'

const cpu = 'routes.fastify.opaque-cached.user-cpu-gate-ratio'
const throughput = 'routes.fastify.opaque-cached.throughput-gate-ratio'

for (const [figure, value, verdict] of [
  [cpu, 1.1, 'reached'],
  [cpu, 1.15, 'in the spread'],
  [cpu, 1.3, 'missed'],
  [throughput, 0.95, 'reached'],
  [throughput, 0.92, 'in the spread'],
  [throughput, 0.8, 'missed'],
] as const) {
  it(`calls ${value} for ${figure} ${verdict}`, () => {
    const targets = judge({ [figure]: { value, min: value, spread: 0.05, unit: 'ratio', rounds: 7 } })
    expect(targets.find((target) => target.figure === figure)?.verdict).toBe(verdict)
  })
}

it('calls a target missed whose figure is not there', () =>
  expect(judge({}).map(({ verdict }) => verdict)).not.toContain('reached'))
