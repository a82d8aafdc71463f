import { describe, expect, it, vi } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../errors/code.js'
import { createProblemLog, type Logger } from './problem-log.js'

function setUp() {
  const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() }
  const clock = createManualClock()
  return { logger, clock, log: createProblemLog({ logger, clock }) }
}

const problem = (code: AuthorizationErrorCode) => new AuthorizationError(code, 'a message')

describe('createProblemLog', () => {
  for (const [code, level] of [
    ['ERR_PROVIDER_UNAVAILABLE', 'warn'],
    ['ERR_PROVIDER_NOT_FOUND', 'warn'],
    ['ERR_CONFIGURATION', 'error'],
  ] as const) {
    it(`writes ${code} with ${level}`, () => {
      const { logger, log } = setUp()
      log(problem(code))
      expect(logger[level].mock.calls).toEqual([[`[zitadel-auth] ${code}: a message`]])
      expect(logger.warn.mock.calls.length + logger.error.mock.calls.length).toBe(1)
    })
  }

  for (const error of [
    problem('ERR_TOKEN_MISSING'),
    problem('ERR_SCHEME_UNSUPPORTED'),
    problem('ERR_REQUEST_MALFORMED'),
    problem('ERR_TOKEN_INVALID'),
    problem('ERR_PERMISSION_DENIED'),
    new Error('a bug'),
    undefined,
  ]) {
    it(`does not write ${error instanceof AuthorizationError ? error.code : String(error)}`, () => {
      const { logger, log } = setUp()
      log(error)
      expect([logger.warn.mock.calls, logger.error.mock.calls]).toEqual([[], []])
    })
  }

  it('writes one problem once a minute, however many requests meet it', () => {
    const { logger, clock, log } = setUp()
    for (const seconds of [0, 0, 30, 29.999]) {
      clock.advanceSeconds(seconds)
      log(problem('ERR_CONFIGURATION'))
    }
    expect(logger.error).toHaveBeenCalledTimes(1)
    clock.advanceSeconds(0.001)
    log(problem('ERR_CONFIGURATION'))
    expect(logger.error).toHaveBeenCalledTimes(2)
  })

  it('counts that minute for each problem', () => {
    const { logger, log } = setUp()
    for (const code of ['ERR_PROVIDER_UNAVAILABLE', 'ERR_PROVIDER_NOT_FOUND', 'ERR_CONFIGURATION'] as const) {
      log(problem(code))
    }
    expect([logger.warn.mock.calls.length, logger.error.mock.calls.length]).toEqual([2, 1])
  })

  it('writes every cause under one code: that too many wait hides nobody who cannot be reached', () => {
    const { logger, log } = setUp()
    const reasons = ['too many tokens are waiting to be verified', 'zitadel.example cannot be reached (ECONNREFUSED)']
    for (const reason of [...reasons, ...reasons]) log(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', reason))
    expect(logger.warn.mock.calls.flat()).toEqual(
      reasons.map((reason) => `[zitadel-auth] ERR_PROVIDER_UNAVAILABLE: ${reason}`),
    )
  })

  for (const [what, reasons] of [
    [
      'of a circuit breaker that does not ask again',
      ['ZITADEL answered with status 500', 'not asked, since before: ZITADEL answered with status 500'],
    ],
    [
      'of a clock that drifts',
      [20, 21, 3_600].map((seconds) => `The clock of this machine is ${seconds} s ahead of ZITADEL's: set the clock`),
    ],
  ] as const) {
    it(`writes one cause once, in the words ${what}`, () => {
      const { logger, log } = setUp()
      for (const reason of reasons) log(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', reason))
      expect(logger.warn.mock.calls.flat()).toEqual([`[zitadel-auth] ERR_PROVIDER_UNAVAILABLE: ${reasons[0]}`])
    })
  }

  it('tells causes apart that differ in a number', () => {
    const { logger, log } = setUp()
    for (const status of [500, 503])
      log(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', `ZITADEL answered with status ${status}`))
    expect(logger.warn).toHaveBeenCalledTimes(2)
  })

  it('writes a refusal that shows a mistake of the API as a hint, once a minute, and no other', () => {
    const { logger, clock } = setUp()
    const hint = new AuthorizationError('ERR_PERMISSION_DENIED', 'nobody can meet it')
    const log = createProblemLog({ logger, clock, isHint: (error) => error === hint })
    for (const error of [problem('ERR_PERMISSION_DENIED'), hint, hint]) log(error)
    expect([...logger.warn.mock.calls, ...logger.error.mock.calls]).toEqual([
      ['[zitadel-auth] hint: nobody can meet it'],
    ])
  })

  it('calls the logger as its own method', () => {
    const written: string[] = []
    class Memory implements Logger {
      readonly #written = written
      warn(message: string) {
        this.#written.push(message)
      }
      error(message: string) {
        this.#written.push(message)
      }
    }
    createProblemLog({ logger: new Memory(), clock: createManualClock() })(problem('ERR_CONFIGURATION'))
    expect(written).toEqual(['[zitadel-auth] ERR_CONFIGURATION: a message'])
  })
})
