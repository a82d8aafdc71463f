import { describe, expect, it, vi } from 'vitest'
import { createClaims, granting, toToken } from '../../test/contexts.js'
import { authorizationError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import type { CachedVerifier } from '../verification/cached.js'
import type { VerifiedClaims } from '../verification/verifier.js'
import { createAdmission } from './admission.js'

const token = toToken('token-of-ann')
const clock = createManualClock()
const claims = (more: object, verifiedBy: VerifiedClaims['verifiedBy'] = 'introspection'): VerifiedClaims => ({
  ...createClaims(more),
  verifiedBy,
})
const reader = granting({ reader: { org1: '' } })
const admin = granting({ admin: { org1: '' } })
const denied = authorizationError('ERR_PERMISSION_DENIED', expect.any(String))

function setUp(
  known: VerifiedClaims,
  { isCurrent = false, verification = 'introspection' as const, newer = known } = {},
) {
  const verifyAgain = vi.fn<CachedVerifier['verifyAgain']>(async () => newer)
  const verifier = { verify: async () => ({ claims: known, began: 1, isCurrent }), verifyAgain, begin: () => 2 }
  const options = {
    verification: verification as 'introspection' | 'jwt' | 'auto',
    source: { issuer: 'issuer' },
    clock,
  }
  const admission = createAdmission({ verifier: verifier as unknown as CachedVerifier, ...options })
  return { admission, verifyAgain }
}

describe('an admission', () => {
  it('asks again before it refuses, and lets pass what the newer answer meets', async () => {
    const { admission, verifyAgain } = setUp(claims(reader), { newer: claims(admin) })
    expect(await admission.admit(token, { role: 'admin' })).toMatchObject({ userId: 'ann' })
    expect(verifyAgain.mock.calls).toEqual([[token, 1]])
  })

  it('refuses where the newer answer says the same, or there is none', async () => {
    await expect(setUp(claims(reader)).admission.admit(token, { role: 'admin' })).rejects.toThrow(denied)
    const { admission, verifyAgain } = setUp(claims(reader))
    verifyAgain.mockResolvedValueOnce(undefined)
    await expect(admission.admit(token, { role: 'admin' })).rejects.toThrow(denied)
  })

  it('asks a check once about one answer, and once more about another', async () => {
    const check = vi.fn(() => false)
    await expect(setUp(claims(reader)).admission.admit(token, { check })).rejects.toThrow(denied)
    expect(check).toHaveBeenCalledTimes(1)
    await expect(setUp(claims(reader), { newer: claims(admin) }).admission.admit(token, { check })).rejects.toThrow(
      denied,
    )
    expect(check).toHaveBeenCalledTimes(3)
  })

  it('refuses at once on an answer that ZITADEL gave to this very request', async () => {
    const { admission, verifyAgain } = setUp(claims(reader), { isCurrent: true })
    await expect(admission.admit(token, { role: 'admin' })).rejects.toThrow(denied)
    expect(verifyAgain).not.toHaveBeenCalled()
  })

  for (const [verification, questions] of [
    ['jwt', 0],
    ['auto', 1],
  ] as const) {
    it(`asks ${questions} times about a JWT in ${verification}, current or not`, async () => {
      for (const isCurrent of [true, false]) {
        const { admission, verifyAgain } = setUp(claims(reader, 'jwt'), {
          isCurrent,
          verification: verification as never,
        })
        await expect(admission.admit(token, { role: 'admin' })).rejects.toThrow(denied)
        expect(verifyAgain).toHaveBeenCalledTimes(questions)
      }
    })
  }

  it('passes on what is no refusal, and asks nobody', async () => {
    const { admission, verifyAgain } = setUp(claims(reader))
    const check = () => Promise.reject(new Error('the database is down'))
    await expect(admission.admit(token, { check })).rejects.toThrow('the database is down')
    expect(verifyAgain).not.toHaveBeenCalled()
  })
})
