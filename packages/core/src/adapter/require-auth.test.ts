import { describe, expect, it } from 'vitest'
import { requireAuth } from './require-auth.js'

const noAuth = 'the first argument is not a ZitadelAuth: give what createZitadelAuth returns'
const functions = ['authenticate', 'authenticateOptional', 'readRequirement', 'refusal']
const toAuth = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => {}]))

describe('requireAuth', () => {
  it('takes what has the functions of a guard', () => expect(() => requireAuth(toAuth(functions))).not.toThrow())

  it.each(functions)('refuses what has no %s', (missing) => {
    const auth = toAuth(functions.filter((name) => name !== missing))
    expect(() => requireAuth(auth)).toThrow(new TypeError(noAuth))
  })

  it('takes what has the functions that it is told', () =>
    expect(() => requireAuth(toAuth(['refusal']), ['refusal'])).not.toThrow())

  it.each([undefined, null, 'auth', {}, { refusal: true }])('refuses %j, which has none of them', (auth) => {
    expect(() => requireAuth(auth, ['refusal'])).toThrow(new TypeError(noAuth))
  })
})
