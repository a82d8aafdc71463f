import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateApplicationKey } from '../../test/application-keys.js'
import { createSealings } from './sealing.js'

const [issuer, clientId, projectId] = ['https://zitadel.example', 'client-1', '1']
const identity = [issuer, clientId, projectId]
const { privateKey } = generateApplicationKey()
const owner = { identity, secret: 'words' }
const text = '{"roles":["admin"]}'
const toSealing = (more: object = {}, prefix = 'p:') => createSealings({ ...owner, ...more }, prefix)('answer', 'token')

describe('a sealing', () => {
  for (const secret of ['words', privateKey]) {
    it(`is opened by the same credentials in another process: ${typeof secret}`, () => {
      const sealed = toSealing({ secret }).seal(text)
      expect(toSealing({ secret }).open(sealed)).toBe(text)
      expect(toSealing({ secret }).name).toBe(toSealing({ secret }).name)
    })
  }

  it('is text that every client and every server bears, and never twice the same', () => {
    const { name, seal } = toSealing()
    expect([name.slice(2), seal(text), seal(text)]).toEqual([
      expect.stringMatching(/^answer:[\w-]{43}$/),
      expect.stringMatching(/^[\w-]+$/),
      expect.stringMatching(/^[\w-]+$/),
    ])
    expect(seal(text)).not.toBe(seal(text))
  })

  for (const [what, other] of [
    ['secret', toSealing({ secret: 'other words' })],
    ['key', toSealing({ secret: generateApplicationKey().privateKey })],
    ['issuer', toSealing({ identity: ['https://other.example', clientId, projectId] })],
    ['client', toSealing({ identity: [issuer, 'client-2', projectId] })],
    ['project', toSealing({ identity: [issuer, clientId, '2'] })],
    ['missing project', toSealing({ identity: [issuer, clientId, undefined] })],
    ['prefix', toSealing({}, 'q:')],
    ['token', createSealings(owner, 'p:')('answer', 'tokem')],
    ['kind', createSealings(owner, 'p:')('marks', 'token')],
  ] as const) {
    it(`has another name, and is not opened, with another ${what}`, () => {
      expect(other.name).not.toBe(toSealing().name)
      expect(other.open(toSealing().seal(text))).toBeUndefined()
      expect(toSealing().open(other.seal(text))).toBeUndefined()
    })
  }

  it('tells an identity from one that reads the same when it is strung together', () => {
    const swapped = ['https://zitadel.example","client-1', '', '1']
    expect(toSealing({ identity: swapped }).name).not.toBe(toSealing().name)
  })

  it('takes names of any length', () => {
    const long = [issuer, 'c'.repeat(5_000), projectId]
    expect(toSealing({ identity: long }).open(toSealing({ identity: long }).seal(text))).toBe(text)
  })

  it('is not opened once a single bit of it is another', () => {
    const { seal, open } = toSealing()
    const bytes = Buffer.from(seal(text), 'base64url')
    const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      return open(copy.toString('base64url'))
    })
    expect(new Set(flipped)).toEqual(new Set([undefined]))
  })

  it('is not opened when it is shorter or longer', () => {
    const { seal, open } = toSealing()
    const sealed = seal(text)
    const bytes = Buffer.from(sealed, 'base64url')
    const cut = Array.from({ length: bytes.length }, (_, length) =>
      open(bytes.subarray(0, length).toString('base64url')),
    )
    expect(new Set([...cut, open(`${sealed}AAAA`), open('')])).toEqual(new Set([undefined]))
  })

  it('is never opened by what somebody makes up', () => {
    const { open } = toSealing()
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (made) => open(made) === undefined))
  })
})
