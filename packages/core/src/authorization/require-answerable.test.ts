import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { type AnswerSource, requireAnswerable } from './require-answerable.js'
import { type Requirement, readRequirement } from './requirement.js'

const elsewhere = { role: 'admin', inProject: 'p2' }

const scopeOfJwt = "a requirement asks for a scope, and a JWT of ZITADEL has none: use verification: 'auto'"
const authenticationOfJwt =
  "a requirement asks when or how the user has authenticated, and a JWT of ZITADEL does not say: use verification: 'auto'"
const otherProject =
  "a requirement asks for a role in the project p2, and ZITADEL's answer to an introspection has the roles in the API's own" +
  " project alone: for others use verification: 'auto' and tokens that are JWTs"

const answerable: readonly (readonly [AnswerSource['verification'], string | undefined, Requirement])[] = [
  ['introspection', 'p1', { scope: 'openid' }],
  ['introspection', 'p1', { role: 'admin', inProject: 'p1' }],
  ['introspection', 'p1', { role: 'admin' }],
  ['introspection', undefined, elsewhere],
  ['introspection', undefined, { maxAgeSeconds: 300, amr: 'mfa' }],
  ['auto', 'p1', { scope: 'openid' }],
  ['auto', 'p1', { maxAgeSeconds: 300, amr: 'mfa' }],
  ['auto', 'p1', elsewhere],
  ['jwt', 'p1', elsewhere],
  ['jwt', 'p1', { role: 'admin', clientId: 'web', organizationId: 'org1', group: 'group1' }],
]

const unanswerable: readonly (readonly [AnswerSource['verification'], Requirement, string])[] = [
  ['jwt', { scope: 'openid' }, scopeOfJwt],
  ['jwt', { role: 'admin', scope: ['openid'] }, scopeOfJwt],
  ['jwt', { maxAgeSeconds: 300 }, authenticationOfJwt],
  ['jwt', { role: 'admin', amr: ['mfa'] }, authenticationOfJwt],
  ['introspection', elsewhere, otherProject],
  ['introspection', { anyRole: ['admin'], inProject: 'p2' }, otherProject],
]

describe('requireAnswerable', () => {
  for (const [verification, projectId, requirement] of answerable) {
    it(`lets ${JSON.stringify(requirement)} pass in ${verification} with the project ${projectId}`, () =>
      expect(requireAnswerable(readRequirement(requirement), { verification, projectId })).toBeUndefined())
  }

  for (const [verification, requirement, message] of unanswerable) {
    it(`takes ${JSON.stringify(requirement)} in ${verification} for a mistake, since no token can meet it`, () =>
      expect(() => requireAnswerable(readRequirement(requirement), { verification, projectId: 'p1' })).toThrow(
        typeError(message),
      ))
  }
})
