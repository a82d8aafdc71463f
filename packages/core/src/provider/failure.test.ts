import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createStatusFailure, isRepeatable, isWorking, toFailure } from './failure.js'

const url = new URL('https://localhost:8080/path')

/** What fetch throws, made in another realm, as every error of Node.js is under Jest. */
const thrownElsewhere = (members: object): unknown =>
  runInNewContext("Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('why'), members) })", {
    members,
  })

/** What fetch throws. */
const thrownHere = (members: object): unknown =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('why'), members) })

const notTls = 'localhost:8080 does not speak https: for a ZITADEL on this machine write http://localhost:8080'

const failures = [
  [{ code: 'ENOTFOUND' }, 'ERR_PROVIDER_NOT_FOUND', 'the host localhost does not resolve (ENOTFOUND)', false],
  [{ code: 'EAI_AGAIN' }, 'ERR_PROVIDER_NOT_FOUND', 'the host localhost does not resolve (EAI_AGAIN)', false],
  [{ code: 'ECONNREFUSED' }, 'ERR_PROVIDER_UNAVAILABLE', 'localhost:8080 cannot be reached (ECONNREFUSED)', true],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'ERR_CONFIGURATION', notTls, false],
  [{ code: 'ERR_SSL_PACKET_LENGTH_TOO_LONG' }, 'ERR_CONFIGURATION', notTls, false],
  [
    { code: 'ERR_INVALID_PROTOCOL' },
    'ERR_CONFIGURATION',
    'the agent cannot reach localhost:8080: it takes one of node:https',
    false,
  ],
  [{ name: 'TimeoutError' }, 'ERR_PROVIDER_UNAVAILABLE', 'localhost:8080 did not answer in time', false],
  [{}, 'ERR_PROVIDER_UNAVAILABLE', 'localhost:8080 cannot be reached', true],
] as const

describe('toFailure', () => {
  for (const [words, expected] of [
    ['write EPROTO 00:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:', 'ERR_CONFIGURATION'],
    ['write EPROTO 00:error:0A0000C6:SSL routines::packet length too long:', 'ERR_CONFIGURATION'],
    ['write EPROTO 00:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert:', 'ERR_PROVIDER_UNAVAILABLE'],
  ] as const) {
    it(`reads the words of node:https: ${words}`, () =>
      expect(toFailure(Object.assign(new Error(words), { code: 'EPROTO' }), url).code).toBe(expected))
  }

  for (const [realm, thrown] of [
    ['this realm', thrownHere],
    ['another realm', thrownElsewhere],
  ] as const) {
    for (const [members, code, reason, repeatable] of failures) {
      it(`says what ${JSON.stringify(members)} of ${realm} means: ${reason}`, () => {
        const failure = toFailure(thrown(members), url)
        const cause = 'name' in members ? undefined : { name: 'Error', code: undefined, ...members }
        expect([failure, failure.cause]).toEqual([authorizationError(code, reason), cause])
        expect(isRepeatable(failure)).toBe(repeatable)
      })
    }
  }

  it('says that a deadline has passed, whatever realm AbortSignal is of', () => {
    const elsewhere = runInNewContext("Object.assign(new Error('aborted'), { name: 'TimeoutError' })")
    for (const thrown of [new DOMException('aborted', 'TimeoutError'), elsewhere]) {
      expect(toFailure(thrown, url)).toEqual(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'localhost:8080 did not answer in time'),
      )
    }
  })

  it('gives an error of this library as it is', () => {
    const error = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')
    expect(toFailure(error, url)).toBe(error)
    expect(isRepeatable(error)).toBe(false)
  })
})

describe('createStatusFailure', () => {
  for (const [status, retryAfterSeconds, repeatable] of [
    [502, undefined, true],
    [503, undefined, true],
    [504, undefined, true],
    [500, undefined, false],
    [429, undefined, false],
    [503, 17, false],
  ] as const) {
    it(`makes a failure after which ${repeatable ? 'one' : 'no'} repetition may help of ${status} and ${retryAfterSeconds}`, () => {
      const failure = createStatusFailure(status, retryAfterSeconds)
      expect(failure).toEqual(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', `ZITADEL answered with status ${status}`, { retryAfterSeconds }),
      )
      expect(isRepeatable(failure)).toBe(repeatable)
    })
  }
})

describe('isWorking', () => {
  for (const [status, expected] of [
    [200, true],
    [400, true],
    [404, true],
    [499, true],
    [408, false],
    [425, false],
    [429, false],
    [500, false],
    [503, false],
  ] as const) {
    it(`says ${expected} of a server that answers with status ${status}`, () =>
      expect(isWorking(status)).toBe(expected))
  }
})

describe('isRepeatable', () => {
  for (const value of [undefined, null, new Error('a bug'), 'no']) {
    it(`says false of ${String(value)}`, () => expect(isRepeatable(value)).toBe(false))
  }
})
