import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { authorizationError, typeError } from '../../test/expected-errors.js'
import { issuer, startFakeZitadel } from '../../test/fake-zitadel.js'
import { setUpNetwork } from '../../test/network.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { createDeclaredGuard } from './declaration.js'
import type { Guard } from './guard.js'

const server = setUpNetwork()
const good = 'Bearer token-of-ann'
const request = { organization: 'org1' }

/** The guard for a declaration, in an API whose token of Ann has the role `reader`. */
function guardOf(declaration: unknown): Guard<unknown> {
  const zitadel = startFakeZitadel(server)
  const roles = { 'urn:zitadel:iam:org:project:roles': { reader: { org1: '' } } }
  zitadel.tokens.set('token-of-ann', { sub: 'ann', aud: ['client-1'], exp: 253_402_300_799, ...roles })
  const auth = createZitadelAuth({ domain: issuer, clientId: 'client-1', clientSecret: 'words' })
  return createDeclaredGuard(auth, declaration) as Guard<unknown>
}

const ann = expect.objectContaining({ userId: 'ann' })
const missing = authorizationError('ERR_TOKEN_MISSING', expect.any(String))
const denied = authorizationError('ERR_PERMISSION_DENIED', expect.any(String))
const reader = { role: 'reader' }
const admin = { role: 'admin' }

/** What becomes of a request with the good token, and of one without credentials. */
const declarations: readonly (readonly [unknown, unknown, unknown])[] = [
  [true, ann, missing],
  [reader, ann, missing],
  [admin, denied, missing],
  [() => reader, ann, missing],
  [async () => admin, denied, missing],
  ['optional', ann, undefined],
  [{ optional: true }, ann, undefined],
  [{ optional: reader }, ann, undefined],
  [{ optional: admin }, denied, undefined],
  [{ optional: () => admin }, denied, undefined],
]

const cannotBe =
  "what can be asked for is 'public', 'optional', true, a requirement, a function that gives one, or { optional } around these"
const inside = 'a requirement that is optional stands inside { optional }'
const noRequirement = 'a requirement is true, which every good token meets, or an object'

describe('createDeclaredGuard', () => {
  it("gives 'public' where there is nothing to guard", () => expect(guardOf('public')).toBe('public'))

  for (const [declaration, withToken, without] of declarations) {
    it(`guards what declares ${inspect(declaration)}`, async () => {
      const guard = guardOf(declaration)
      const outcomes = await Promise.allSettled([guard.admit(good, request), guard.admit(undefined, request)])
      expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : outcome.reason))).toEqual([
        withToken,
        without,
      ])
    })

    it(`refuses a bad token where ${inspect(declaration)} is declared`, () =>
      expect(guardOf(declaration).admit('Bearer token-of-nobody', request)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.any(String)),
      ))
  }

  for (const wrap of [(requirement: unknown) => requirement, (requirement: unknown) => ({ optional: requirement })]) {
    it(`gives the request to the function of ${inspect(wrap(() => true))}`, async () => {
      const requirement = vi.fn(() => reader)
      await guardOf(wrap(requirement)).admit(good, request)
      expect(requirement.mock.calls).toEqual([[request]])
    })
  }

  for (const [declaration, message] of [
    [undefined, cannotBe],
    [null, cannotBe],
    [false, cannotBe],
    ['', cannotBe],
    ['admin', cannotBe],
    ['Public', cannotBe],
    [7, cannotBe],
    [{}, 'the requirement is empty: give true to let every good token pass'],
    [['admin'], expect.stringMatching(/^the requirement has an unknown member "0"/)],
    [{ rol: 'admin' }, expect.stringMatching(/^the requirement has an unknown member "rol"/)],
    [{ optional: undefined }, `${noRequirement}, and this one is undefined`],
    [{ optional: {} }, 'the requirement is empty: give true to let every good token pass'],
    [{ optional: 'public' }, noRequirement],
    [{ optional: { optional: true } }, expect.stringMatching(/^the requirement has an unknown member "optional"/)],
    [{ optional: true, role: 'admin' }, inside],
    [{ optional: undefined, role: 'admin' }, inside],
    [Object.create({ optional: true }), expect.stringMatching(/^the requirement has an unknown member "optional"/)],
  ] as const) {
    it(`takes ${inspect(declaration)} for a mistake, before any request`, () =>
      expect(() => guardOf(declaration)).toThrow(typeError(message)))
  }
})
