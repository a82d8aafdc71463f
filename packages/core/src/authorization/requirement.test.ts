import { describe, expect, it } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { type Requirement, readRequirement } from './requirement.js'

const known =
  'known are role, anyRole, allRoles, inOrganization, inProject, organizationId, group, anyGroup, scope, clientId,' +
  ' maxAgeSeconds, amr, allowImpersonation, check'
const text = (name: string) => `"${name}" of a requirement is a text that is not empty`
const list = (name: string) => `"${name}" of a requirement is a list of texts that is not empty`
const homeless = (name: string) => `"${name}" of a requirement says where a role must be granted, and there is no role`

describe('readRequirement', () => {
  const empty = 'the requirement is empty: give true to let every good token pass'
  const noObject = 'a requirement is true, which every good token meets, or an object'
  const refused: readonly (readonly [unknown, string])[] = [
    [undefined, `${noObject}, and this one is undefined`],
    [null, `${noObject}, and this one is null`],
    [true, noObject],
    [false, noObject],
    ['admin', noObject],
    [7, noObject],
    [() => true, noObject],
    [{}, empty],
    [[], `the requirement has an unknown member "length": ${known}`],
    [new Date(0), `the requirement has an unknown member "toString": ${known}`],
    [['admin'], `the requirement has an unknown member "0": ${known}`],
    [{ rol: 'admin' }, `the requirement has an unknown member "rol": ${known}`],
    [{ role: 'admin', roles: ['admin'] }, `the requirement has an unknown member "roles": ${known}`],
    [{ toString: 'admin' }, `the requirement has an unknown member "toString": ${known}`],
    [{ constructor: 'admin' }, `the requirement has an unknown member "constructor": ${known}`],
    [JSON.parse('{"__proto__":{"role":"admin"}}'), `the requirement has an unknown member "__proto__": ${known}`],
    [{ role: undefined }, text('role')],
    [{ role: null }, text('role')],
    [{ role: '' }, text('role')],
    [{ role: ['admin'] }, text('role')],
    [{ anyRole: undefined }, list('anyRole')],
    [{ anyRole: [] }, list('anyRole')],
    [{ anyRole: 'admin' }, list('anyRole')],
    [{ anyRole: ['admin', ''] }, text('anyRole')],
    [{ anyRole: ['admin', undefined] }, text('anyRole')],
    [{ anyRole: new Set(['admin']) }, list('anyRole')],
    [{ allRoles: undefined }, list('allRoles')],
    [{ allRoles: [] }, list('allRoles')],
    [{ allRoles: [7] }, text('allRoles')],
    [{ allRoles: new Array(1) }, text('allRoles')],
    [{ anyRole: ['admin', ...new Array(1)] }, text('anyRole')],
    [{ scope: new Array(2) }, text('scope')],
    [
      { organizationId: 'org1', [Symbol('role')]: 'admin' },
      `the requirement has an unknown member "Symbol(role)": ${known}`,
    ],
    [{ role: 'admin', inOrganization: undefined }, text('inOrganization')],
    [{ role: 'admin', inOrganization: '' }, text('inOrganization')],
    [{ role: 'admin', inOrganization: ['org1'] }, text('inOrganization')],
    [{ role: 'admin', inProject: undefined }, text('inProject')],
    [{ inOrganization: 'org1' }, homeless('inOrganization')],
    [{ scope: 'openid', inOrganization: 'org1' }, homeless('inOrganization')],
    [{ inProject: 'p1' }, homeless('inProject')],
    [{ organizationId: 'org1', inOrganization: 'org1' }, homeless('inOrganization')],
    [{ organizationId: undefined }, text('organizationId')],
    [{ organizationId: '' }, text('organizationId')],
    [{ organizationId: ['org1'] }, text('organizationId')],
    [{ group: undefined }, text('group')],
    [{ group: '' }, text('group')],
    [{ group: ['group1'] }, text('group')],
    [{ anyGroup: undefined }, list('anyGroup')],
    [{ anyGroup: [] }, list('anyGroup')],
    [{ anyGroup: 'group1' }, list('anyGroup')],
    [{ anyGroup: ['group1', undefined] }, text('anyGroup')],
    [{ scope: undefined }, list('scope')],
    [{ scope: '' }, text('scope')],
    [{ scope: [] }, list('scope')],
    [{ scope: [''] }, text('scope')],
    [{ scope: 'openid profile' }, '"scope" of a requirement is one scope, which has no spaces, or a list of scopes'],
    [
      { scope: ['openid', 'profile email'] },
      '"scope" of a requirement is one scope, which has no spaces, or a list of scopes',
    ],
    [{ clientId: undefined }, list('clientId')],
    [{ clientId: [] }, list('clientId')],
    [{ clientId: 7 }, list('clientId')],
    ...[undefined, null, 0, -1, 0.5, '300', Number.NaN, Number.POSITIVE_INFINITY].map(
      (maxAgeSeconds) =>
        [{ maxAgeSeconds }, '"maxAgeSeconds" of a requirement is a whole number greater than 0'] as const,
    ),
    [{ amr: undefined }, list('amr')],
    [{ amr: [] }, list('amr')],
    [{ amr: '' }, text('amr')],
    [{ amr: ['mfa', ''] }, text('amr')],
    [
      { allowImpersonation: true },
      '"allowImpersonation" of a requirement can only be false: leave it away to allow it',
    ],
    [
      { allowImpersonation: undefined },
      '"allowImpersonation" of a requirement can only be false: leave it away to allow it',
    ],
    [{ check: undefined }, '"check" of a requirement is a function'],
    [{ check: true }, '"check" of a requirement is a function'],
  ]
  for (const [index, [requirement, message]] of refused.entries()) {
    it(`takes no. ${index}, ${JSON.stringify(requirement) ?? String(requirement)}, for a mistake: ${message}`, () =>
      expect(() => readRequirement(requirement as never)).toThrow(typeError(message)))
  }

  it('reads the members that a loop passes over', () => {
    class AdminsOf {
      readonly organizationId = 'org1'
      get role() {
        return 'admin'
      }
    }
    const hidden = Object.defineProperty({ organizationId: 'org1' }, 'role', { value: 'admin' })
    const expected = { organizationId: 'org1', role: 'admin' }
    expect(readRequirement(new AdminsOf())).toEqual(expected)
    expect(readRequirement(hidden)).toEqual(expected)
  })

  it('gives a copy with every member', () => {
    const check = () => true
    const requirement: Requirement = {
      role: 'admin',
      anyRole: ['a', 'b'],
      allRoles: ['c'],
      inOrganization: 'org1',
      inProject: 'p1',
      organizationId: 'org1',
      group: 'group1',
      anyGroup: ['group2', 'group3'],
      scope: 'openid',
      clientId: ['web', 'app'],
      maxAgeSeconds: 300,
      amr: 'mfa',
      allowImpersonation: false,
      check,
    }
    expect(readRequirement(requirement)).toEqual({ ...requirement, scope: ['openid'], amr: ['mfa'] })
  })

  it('reads members that an object has from another', () =>
    expect(readRequirement(Object.assign(Object.create({ role: 'owner' }), { allowImpersonation: false }))).toEqual({
      role: 'owner',
      allowImpersonation: false,
    }))

  it('gives a copy that is frozen, lists included', () => {
    const read = readRequirement({ anyRole: ['admin'], anyGroup: ['group1'], scope: ['openid'], clientId: 'web' })
    const { anyRole, anyGroup, scope, clientId } = read
    expect([read, anyRole, anyGroup, scope, clientId].map(Object.isFrozen)).toEqual([true, true, true, true, true])
  })

  it('gives a copy that no later change reaches', () => {
    const requirement = { role: 'admin', anyRole: ['admin'] }
    const read = readRequirement(requirement)
    requirement.role = 'anybody'
    requirement.anyRole.push('anybody')
    expect(read).toEqual({ role: 'admin', anyRole: ['admin'] })
  })

  it('gives its own copy back as it is', () => {
    const read = readRequirement({ role: 'admin' })
    expect(readRequirement(read)).toBe(read)
  })

  it('reads a requirement that somebody else has frozen', () =>
    expect(() => readRequirement(Object.freeze({ inOrganization: 'org1' }))).toThrow(
      typeError(homeless('inOrganization')),
    ))
})
