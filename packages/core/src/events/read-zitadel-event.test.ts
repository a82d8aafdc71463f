import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/any-text.js'
import { authorizationError, outcomeOf, typeError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { recordedCalls, recordedEvents } from '../../test/recorded-events.js'
import { type EventOptions, readZitadelEvent } from './read-zitadel-event.js'

const signingKey = 'the key of the target'
const clock = createManualClock()
const nowSeconds = clock.now() / 1_000
const sign = (body: string | Uint8Array, { key = signingKey, seconds = nowSeconds } = {}) =>
  `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex')}`
const locked = JSON.stringify({ aggregateID: '1', event_type: 'user.locked', userID: '2', created_at: 'a time' })
const readSigned = (body: string | Uint8Array, options: Partial<EventOptions> = {}) =>
  readZitadelEvent(body, sign(body), { signingKey, clock, ...options })
const invalid = (reason: unknown) => authorizationError('ERR_EVENT_INVALID', reason, { status: 401 })
const tooOld = invalid(expect.stringContaining('too old, or from the future'))

describe('readZitadelEvent', () => {
  it('tells what happened, to what, and who did it', () =>
    expect(readSigned(locked)).toEqual({
      type: 'user.locked',
      aggregateId: '1',
      creatorId: '2',
      organizationId: undefined,
      instanceId: undefined,
      createdAt: 'a time',
      payload: {},
    }))

  for (const { what, body } of recordedEvents) {
    it(`reads ${what} as a real ZITADEL sent it`, () => {
      const { payload, ...event } = readSigned(JSON.stringify(body))

      expect({ ...event, payload: { ...payload } }).toMatchObject({
        type: body['event_type'],
        aggregateId: body['aggregateID'],
        organizationId: body['resourceOwner'],
        payload: body['event_payload'] ?? {},
      })
    })
  }

  it('reads bytes as it reads text, and a payload in base64, as older versions of ZITADEL sent it', () => {
    const payload = Buffer.from('{"userId":"3"}').toString('base64')
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(locked), event_payload: payload }))

    expect(readSigned(body).payload['userId']).toBe('3')
  })

  it('gives what nobody can change', () => {
    const event = readSigned(JSON.stringify({ ...JSON.parse(locked), event_payload: { __proto__: null, a: {} } }))

    expect([event, event.payload, event.payload['a']].every(Object.isFrozen)).toBe(true)
  })

  it('takes the current and the next key while one is replaced', () => {
    const header = sign(locked, { key: 'next' })

    expect(readZitadelEvent(locked, header, { signingKey: ['current', 'next'], clock }).type).toBe('user.locked')
  })

  for (const [seconds, tolerance] of [
    [-300, undefined],
    [300, undefined],
    [-10, 10],
    [10, 10],
  ] as const) {
    it(`takes a signature whose time differs by ${seconds} s`, () => {
      const header = sign(locked, { seconds: nowSeconds + seconds })
      const options = { signingKey, clock, ...(tolerance && { toleranceSeconds: tolerance }) }

      expect(readZitadelEvent(locked, header, options).type).toBe('user.locked')
    })

    it(`refuses one whose time differs by ${seconds + Math.sign(seconds)} s`, () => {
      const header = sign(locked, { seconds: nowSeconds + seconds + Math.sign(seconds) })
      const options = { signingKey, clock, ...(tolerance && { toleranceSeconds: tolerance }) }

      expect(() => readZitadelEvent(locked, header, options)).toThrow(tooOld)
    })
  }

  it('refuses a signature when the clock tells no time', () =>
    expect(() => readSigned(locked, { clock: { now: () => Number.NaN } })).toThrow(tooOld))

  it('refuses a request without a signature, and one with two', () => {
    const missing = invalid('the header ZITADEL-Signature is missing, malformed or repeated')

    expect(() => readZitadelEvent(locked, undefined, { signingKey, clock })).toThrow(missing)
    expect(() => readZitadelEvent(locked, [sign(locked), sign(locked)], { signingKey, clock })).toThrow(missing)
  })

  it('refuses what another key has signed, and a body that was changed', () => {
    const wrong = invalid('the signature is of another key, or of another body')

    expect(() => readZitadelEvent(locked, sign(locked, { key: 'other' }), { signingKey, clock })).toThrow(wrong)
    expect(() => readZitadelEvent(`${locked} `, sign(locked), { signingKey, clock })).toThrow(wrong)
  })

  for (const [body, reason] of [
    ['eyJhbGciOiJSUzI1NiJ9.e30.c2ln', /not JSON: set the payload type/],
    [Buffer.from([0xff]), /not JSON/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
    ['{}', /of no event/],
    ['{"event_type":"user.locked"}', /of no event/],
    ['{"event_type":1,"aggregateID":"1"}', /of no event/],
    ['{"event_type":"a","aggregateID":"1","event_payload":"{}"}', /not JSON/],
    ['{"event_type":"a","aggregateID":"1","event_payload":[]}', /event_payload/],
    [`{"event_type":"a","aggregateID":"1","event_payload":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`, /nested/],
  ] as const) {
    it(`refuses a signed body that is no event: ${String(body).slice(0, 60)}`, () =>
      expect(() => readSigned(body)).toThrow(invalid(expect.stringMatching(reason))))
  }

  for (const { what, body } of recordedCalls.filter((call) => !recordedEvents.includes(call))) {
    it(`refuses ${what}, which is executed on something else`, () =>
      expect(() => readSigned(JSON.stringify(body))).toThrow(invalid(expect.anything())))
  }

  for (const options of [
    undefined,
    {},
    { signingKey: undefined },
    { signingKey: '' },
    { signingKey: [] },
    { signingKey: ['a', undefined] },
    // biome-ignore lint/suspicious/noSparseArray: a hole must not count as no key
    { signingKey: ['a', ,] },
    { signingKey: 'a', toleranceSeconds: 0 },
    { signingKey: 'a', toleranceSeconds: Number.POSITIVE_INFINITY },
    { signingKey: 'a', tolerance: 10 },
  ]) {
    it(`does not take the options ${inspect(options)}`, () =>
      expect(() => readZitadelEvent(locked, sign(locked), options as never)).toThrow(TypeError))
  }

  for (const body of [{ event_type: 'user.locked' }, undefined, null, 1]) {
    it(`does not take ${inspect(body)} for a body`, () =>
      expect(() => readZitadelEvent(body as never, sign(locked), { signingKey, clock })).toThrow(
        typeError(expect.stringContaining('as it was received')),
      ))
  }

  it('refuses whatever a stranger sends, and keeps the signing key and the body to itself', () =>
    fc.assert(
      fc.asyncProperty(anyText(), anyText(), async (body, header) => {
        const error = await outcomeOf(() => readZitadelEvent(`private ${body}`, header, { signingKey, clock }))

        expect(error).toEqual(invalid(expect.anything()))
        expect(inspect(error)).not.toMatch(/private|key of the target/)
      }),
    ))
})
