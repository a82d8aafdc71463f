import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { createClaims } from '../../test/contexts.js'
import { typeError } from '../../test/expected-errors.js'
import { type ForgetTarget, readForgetTarget } from './forget-target.js'
import type { Answer } from './remembered-answers.js'
import { toTokenDigest } from './token-digest.js'

const answerFor = (claims: object): Answer => ({
  claims: createClaims({ sub: 'ann', jti: 'V2_1-at_2', ...claims }),
  askedAtMs: 0,
  renewAtMs: 0,
  freshUntilMs: 0,
  staleUntilMs: 0,
})

describe('readForgetTarget', () => {
  for (const [target, mark, others] of [
    [{ token: 'of-ann' }, `token ${toTokenDigest('of-ann')}`, []],
    [{ userId: 'ann' }, 'user ann', [{ sub: 'bob' }, { sub: 'anna' }]],
    [{ tokenId: 'V2_1-at_2' }, 'id V2_1-at_2', [{ jti: 'V2_1-at_3' }, { jti: undefined }]],
    [{ sessionId: 'V2_1' }, 'session V2_1', [{ jti: 'V2_11-at_2' }, { jti: 'V2_1' }, { jti: undefined }]],
  ] as const) {
    it(`reads ${JSON.stringify(target)}`, () => {
      const forgotten = readForgetTarget(target as ForgetTarget)
      expect(forgotten.mark).toBe(mark)
      expect(forgotten.isMeant(answerFor({}), toTokenDigest('of-ann'))).toBe(true)
      for (const claims of others) expect(forgotten.isMeant(answerFor(claims), toTokenDigest('of-ann'))).toBe(false)
    })
  }

  it('means a JWT by its id too, whose signature may have a twin that is as good (ECDSA)', () => {
    const toJwt = (payload: object) =>
      ['{"alg":"ES256"}', JSON.stringify(payload), 'signature']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.')
    const { mark, isMeant } = readForgetTarget({ token: toJwt({ jti: 'V2_1-at_2' }) })
    expect(mark).toBe('id V2_1-at_2')
    expect([isMeant(answerFor({}), 'key of the twin'), isMeant(answerFor({ jti: 'V2_1-at_3' }), 'key')]).toEqual([
      true,
      false,
    ])
    for (const payload of [{}, { jti: 5 }]) {
      const withoutId = readForgetTarget({ token: toJwt(payload) })
      expect(withoutId.mark).toBe(`token ${toTokenDigest(toJwt(payload))}`)
      expect(withoutId.isMeant(answerFor({ jti: undefined }), 'key')).toBe(false)
    }
  })

  it('takes no token with its scheme, which would mean none', () =>
    expect(() => readForgetTarget({ token: 'Bearer of-ann' })).toThrow(
      typeError(expect.stringMatching(/with a text that has no spaces$/)),
    ))

  it('means a token by its digest', () => {
    expect(readForgetTarget({ token: 'of-ann' }).isMeant(answerFor({}), toTokenDigest('of-bob'))).toBe(false)
  })
})
