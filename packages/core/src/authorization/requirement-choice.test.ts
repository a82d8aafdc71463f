import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { readRequirement } from './requirement.js'
import { readRequirementChoice } from './requirement-choice.js'

describe('readRequirementChoice', () => {
  it('passes true on, which every good token meets', () => expect(readRequirementChoice(true)).toBe(true))

  it('reads a requirement', () => {
    const read = readRequirementChoice({ scope: 'openid' })
    expect(read).toEqual({ scope: ['openid'] })
    expect(Object.isFrozen(read)).toBe(true)
  })

  it('gives a requirement back that has been read', () => {
    const read = readRequirement({ role: 'admin' })
    expect(readRequirementChoice(read)).toBe(read)
  })

  for (const choice of [undefined, null, false, 1, 'true', () => true, {}, { role: undefined }]) {
    it(`takes ${JSON.stringify(choice) ?? String(choice)} for a mistake`, () =>
      expect(() => readRequirementChoice(choice as never)).toThrow(typeError(expect.any(String))))
  }
})
