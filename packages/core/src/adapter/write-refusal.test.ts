import { describe, expect, it } from 'vitest'
import { writeRefusal } from './write-refusal.js'

describe('writeRefusal', () => {
  it('writes', () => {
    const written: string[] = []
    writeRefusal(() => written.push('refusal'))
    expect(written).toEqual(['refusal'])
  })

  it('throws what was thrown', () => {
    const error = new Error('a middleware broke')
    expect(() =>
      writeRefusal(() => {
        throw error
      }),
    ).toThrow(error)
  })

  it.each([undefined, null, false, 0, '', 'route', 'router'])('throws an error in the place of %j', (thrown) => {
    expect(() =>
      writeRefusal(() => {
        throw thrown
      }),
    ).toThrow('the answer to a refused request failed with something that is not an error')
  })
})
