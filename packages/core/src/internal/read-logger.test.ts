import { describe, expect, it, vi } from 'vitest'
import type { Logger } from './problem-log.js'
import { readLogger } from './read-logger.js'

describe('readLogger', () => {
  it('says at once what it is told, as a method of the logger', () => {
    const lines: string[] = []
    const logger = {
      prefix: 'api:',
      warn(message: string) {
        lines.push(`${this.prefix} warn ${message}`)
      },
      error(message: string) {
        lines.push(`${this.prefix} error ${message}`)
      },
    }
    readLogger(logger).warn('slow')
    readLogger(logger).error('wrong')
    expect(lines).toEqual(['api: warn slow', 'api: error wrong'])
  })

  it('goes on when the logger throws, or rejects', async () => {
    const warn = vi.fn<Logger['warn']>(() => {
      throw new Error('disk full')
    })
    const error = vi.fn<Logger['error']>(() => Promise.reject(new Error('disk full')) as never)
    const logger = readLogger({ warn, error })
    expect([logger.warn('slow'), logger.error('wrong')]).toEqual([undefined, undefined])
    // A rejection that nobody handles would fail the run by now.
    await new Promise((resolve) => setImmediate(resolve))
    expect([warn.mock.calls, error.mock.calls]).toEqual([[['slow']], [['wrong']]])
  })
})
