import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { readRefusalOptions } from './refusal-options.js'

describe('readRefusalOptions', () => {
  for (const [options, onRefusal] of [
    [undefined, 'respond'],
    [{}, 'respond'],
    [{ onRefusal: undefined }, 'respond'],
    [{ onRefusal: 'respond' }, 'respond'],
    [{ onRefusal: 'throw' }, 'throw'],
  ] as const) {
    it(`reads ${JSON.stringify(options)} as ${onRefusal}`, () =>
      expect(readRefusalOptions(options)).toEqual({ onRefusal }))
  }

  it('passes over an option that the adapter reads itself', () =>
    expect(readRefusalOptions({ status: 404, onRefusal: 'throw' }, ['status'])).toEqual({ onRefusal: 'throw' }))

  it('knows no other option where the adapter names none', () =>
    expect(() => readRefusalOptions({ role: 'admin' })).toThrow(
      typeError('unknown option "role": known are onRefusal'),
    ))

  for (const [options, known, message] of [
    [null, [], 'the options are an object'],
    ['throw', [], 'the options are an object'],
    [7, [], 'the options are an object'],
    [() => true, [], 'the options are an object'],
    [{ role: 'admin' }, [], 'unknown option "role": known are onRefusal'],
    [{ role: 'admin' }, ['status'], 'unknown option "role": known are onRefusal, status'],
    [{ toString: 'throw' }, [], 'unknown option "toString": known are onRefusal'],
    [{ onRefusal: 'ignore' }, [], "onRefusal is 'respond' or 'throw'"],
    [{ onRefusal: null }, [], "onRefusal is 'respond' or 'throw'"],
    [{ onRefusal: true }, [], "onRefusal is 'respond' or 'throw'"],
  ] as const) {
    it(`takes ${JSON.stringify(options) ?? String(options)} beside ${JSON.stringify(known)} for a mistake`, () =>
      expect(() => readRefusalOptions(options as never, known)).toThrow(typeError(message)))
  }
})
