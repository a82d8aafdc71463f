import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { toErrorCause } from './cause.js'

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' })

describe('toErrorCause', () => {
  for (const [what, thrown, expected] of [
    ['an error', new RangeError('words'), { name: 'RangeError', code: undefined }],
    ['an error of Node.js', refused, { name: 'Error', code: 'ECONNREFUSED' }],
    ['what fetch wraps', new TypeError('fetch failed', { cause: refused }), { name: 'Error', code: 'ECONNREFUSED' }],
    [
      'what fetch wraps twice',
      new TypeError('fetch failed', { cause: new Error('no socket', { cause: refused }) }),
      { name: 'Error', code: 'ECONNREFUSED' },
    ],
    ['a deadline', new DOMException('words', 'TimeoutError'), { name: 'TimeoutError', code: undefined }],
    [
      'an error of another realm, as under Jest',
      runInNewContext(
        "Object.assign(new TypeError('words'), { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) })",
      ),
      { name: 'Error', code: 'ENOTFOUND' },
    ],
    [
      'an error whose cause is a value',
      new TypeError('words', { cause: 'bytes' }),
      { name: 'TypeError', code: undefined },
    ],
    [
      'a name and a code that are data',
      Object.assign(new Error('words'), { name: 'sub: ann@one.example', code: '{"sub":"ann"}' }),
      { name: undefined, code: undefined },
    ],
    [
      'a name and a code that are no texts',
      { name: null, code: true, cause: { name: ['TypeError'] } },
      { name: undefined, code: undefined },
    ],
    ['a text', 'sub: ann', { name: undefined, code: undefined }],
    ['nothing', null, { name: undefined, code: undefined }],
  ] as const) {
    it(`keeps name and code of ${what}`, () => expect(toErrorCause(thrown)).toEqual(expected))
  }

  it('follows eight causes and no more', () => {
    const toChain = (length: number): object =>
      length === 0 ? { name: 'Innermost' } : { name: `Error${length}`, cause: toChain(length - 1) }
    expect([8, 9].map((length) => toErrorCause(toChain(length)).name)).toEqual(['Innermost', 'Error1'])
  })

  it('comes to an end where causes go in a circle', () => {
    const error = new TypeError('words')
    error.cause = error
    expect(toErrorCause(error)).toEqual({ name: 'TypeError', code: undefined })
  })
})
