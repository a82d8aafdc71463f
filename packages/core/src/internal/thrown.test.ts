import { describe, expect, it } from 'vitest'
import { toError } from './thrown.js'

describe('toError', () => {
  for (const thrown of [new TypeError('words'), { status: 418 }, []]) {
    it(`gives ${JSON.stringify(thrown)} as it is`, () => expect(toError(thrown, 'the check')).toBe(thrown))
  }

  for (const thrown of [undefined, null, false, 0, '', 'route', 'router', Symbol('words'), () => {}]) {
    it(`gives an error in the place of ${String(thrown)}`, () =>
      expect(toError(thrown, 'the check')).toEqual(
        new Error('the check failed with something that is not an error', { cause: thrown }),
      ))
  }
})
