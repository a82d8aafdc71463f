import { channel } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPublisher } from './diagnostics.js'

describe('createPublisher', () => {
  it('publishes what happens, with the issuer', () => {
    const heard = vi.fn<(event: unknown, name: string | symbol) => void>()
    channel('@org/zitadel-auth:breaker').subscribe(heard)
    onTestFinished(() => void channel('@org/zitadel-auth:breaker').unsubscribe(heard))
    createPublisher('https://zitadel.example')('breaker', () => ({ state: 'open' }))
    expect(heard.mock.calls).toEqual([
      [{ issuer: 'https://zitadel.example', state: 'open' }, '@org/zitadel-auth:breaker'],
    ])
  })

  for (const name of ['verified', 'refused', 'cache', 'upstream', 'breaker', 'keys', 'answers', 'queue'] as const) {
    it(`publishes ${name} on the channel of that name`, () => {
      const heard = vi.fn<(event: unknown) => void>()
      channel(`@org/zitadel-auth:${name}`).subscribe(heard)
      onTestFinished(() => void channel(`@org/zitadel-auth:${name}`).unsubscribe(heard))
      createPublisher('https://zitadel.example')(name, () => ({ name }) as never)
      expect(heard.mock.calls.map(([event]) => event)).toEqual([{ issuer: 'https://zitadel.example', name }])
    })
  }

  it('makes no event when nobody listens', () => {
    const toEvent = vi.fn<() => { state: 'open' }>(() => ({ state: 'open' }))
    createPublisher('https://zitadel.example')('breaker', toEvent)
    expect(toEvent).not.toHaveBeenCalled()
  })
})
