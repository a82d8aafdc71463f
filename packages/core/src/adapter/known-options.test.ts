import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { requireKnownOptions } from './known-options.js'

describe('requireKnownOptions', () => {
  for (const options of [{}, { onRefusal: 'throw' }, { onRefusal: undefined, status: 404 }]) {
    it(`lets ${JSON.stringify(options)} pass`, () =>
      expect(requireKnownOptions(options, ['onRefusal', 'status'])).toBeUndefined())
  }

  for (const [options, message] of [
    [undefined, 'the options are an object'],
    [null, 'the options are an object'],
    ['throw', 'the options are an object'],
    [() => true, 'the options are an object'],
    [{ onRefusal: 'throw', role: 'admin' }, 'unknown option "role": known are onRefusal, status'],
    [{ role: undefined }, 'unknown option "role": known are onRefusal, status'],
    [{ toString: 'throw' }, 'unknown option "toString": known are onRefusal, status'],
    [JSON.parse('{"__proto__":1}'), 'unknown option "__proto__": known are onRefusal, status'],
  ] as const) {
    it(`takes ${JSON.stringify(options) ?? String(options)} ${Object.keys(options ?? {}).join()} for a mistake`, () =>
      expect(() => requireKnownOptions(options as never, ['onRefusal', 'status'])).toThrow(typeError(message)))
  }
})
