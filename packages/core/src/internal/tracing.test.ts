import { tracingChannel } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createTrace, type TracedEvent } from './tracing.js'

const clock = createManualClock()
const trace = createTrace('https://zitadel.example', clock)
const refusal = new AuthorizationError('ERR_TOKEN_MISSING', 'no token')

function listen(begin: (event: TracedEvent) => void = () => {}) {
  const ended: TracedEvent[] = []
  const { start, asyncEnd } = tracingChannel('@org/zitadel-auth:authenticate')
  const hearStart = (event: unknown): void => begin(event as TracedEvent)
  const hearEnd = (event: unknown): void => void ended.push(event as TracedEvent)
  start.subscribe(hearStart)
  asyncEnd.subscribe(hearEnd)
  onTestFinished(() => {
    start.unsubscribe(hearStart)
    asyncEnd.unsubscribe(hearEnd)
  })
  return ended
}
const refuse = () =>
  trace.run(
    'authenticate',
    {},
    () => Promise.reject(refusal),
    () => ({}),
  )

describe('createTrace', () => {
  it('tells the outcome, and how long it took', async () => {
    const ended = listen()
    const run = async () => clock.advanceSeconds(2)
    await trace.run('authenticate', {}, run, () => ({ verifiedBy: 'jwt' as const }))
    await expect(refuse()).rejects.toBe(refusal)

    expect(ended).toEqual([
      { issuer: 'https://zitadel.example', verifiedBy: 'jwt', durationMs: 2_000 },
      { issuer: 'https://zitadel.example', code: 'ERR_TOKEN_MISSING', durationMs: 0 },
    ])
  })

  for (const [what, enter] of [
    ['gives nothing', (run: () => unknown) => void run()],
    ['gives something else', (run: () => unknown) => [run(), Promise.resolve('let in')][1]],
    ['does not run it', () => 'let in'],
    ['runs it twice', (run: () => unknown) => [run(), run()]],
    [
      'fails',
      () => {
        throw new Error('of the listener')
      },
    ],
    ['is no function', 'let in' as never],
  ] as const) {
    it(`runs the operation once, and gives its outcome, where a listener ${what}`, async () => {
      let runs = 0
      listen((event) => {
        event.enter = enter
      })
      const run = async () => {
        runs += 1
        throw refusal
      }

      await expect(trace.run('authenticate', {}, run, () => ({}))).rejects.toBe(refusal)
      expect(runs).toBe(1)
    })
  }

  it('costs a look where nobody listens', async () => {
    expect(trace.isHeard('authenticate')).toBe(false)
    await expect(refuse()).rejects.toBe(refusal)
  })
})
