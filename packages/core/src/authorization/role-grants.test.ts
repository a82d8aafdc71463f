import { describe, expect, it } from 'vitest'
import { toFrozenJson } from '../internal/json.js'
import { readOwnRoles, readRolesByProject } from './role-grants.js'

const general = 'urn:zitadel:iam:org:project:roles'
const ofProject = (id: string) => `urn:zitadel:iam:org:project:${id}:roles`
const strangeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'corporate member', 'a:b', '7']

describe('readRolesByProject', () => {
  it('reads the claim of every project, and not the general one', () =>
    expect(
      readRolesByProject({
        [ofProject('p1')]: { admin: { org1: 'one.example' } },
        [ofProject('p2')]: { editor: { org2: 'two.example' } },
        [general]: { owner: { org3: 'three.example' } },
      }),
    ).toEqual({ p1: { admin: { org1: 'one.example' } }, p2: { editor: { org2: 'two.example' } } }))

  for (const name of [
    'urn:zitadel:iam:org:project::roles',
    'urn:zitadel:iam:org:project:a:b:roles',
    'urn:zitadel:iam:org:project:p1:roles:more',
    'x:urn:zitadel:iam:org:project:p1:roles',
    'roles',
  ]) {
    it(`passes over the claim ${name}`, () =>
      expect(readRolesByProject({ [name]: { admin: { org1: 'one.example' } } })).toEqual({}))
  }

  for (const id of ['__proto__', 'constructor']) {
    it(`takes ${id} for a project like any other`, () => {
      const rolesByProject = readRolesByProject({ [ofProject(id)]: { admin: { org1: 'one.example' } } })
      expect(Object.keys(rolesByProject)).toEqual([id])
      expect(rolesByProject[id]?.['admin']).toEqual({ org1: 'one.example' })
    })
  }
})

describe('readOwnRoles', () => {
  const claims = { [general]: { general: { org1: '' } }, [ofProject('p1')]: { own: { org1: '' } } }
  const rolesByProject = readRolesByProject(claims)

  it('gives the roles of the general claim when the project is not known', () =>
    expect(readOwnRoles(claims, rolesByProject, undefined)).toEqual({ general: { org1: '' } }))

  it("gives only the roles of the project's own claim when it is known", () =>
    expect(readOwnRoles(claims, rolesByProject, 'p1')).toEqual({ own: { org1: '' } }))

  for (const projectId of ['p2', '__proto__', 'constructor', 'toString']) {
    it(`gives no roles for the project ${projectId}, which the claims do not name`, () =>
      expect(Object.keys(readOwnRoles(claims, rolesByProject, projectId))).toEqual([]))
  }

  for (const [what, claim] of [
    ['no claim', undefined],
    ['null', null],
    ['a text', 'admin'],
    ['a list of roles, as the documentation of ZITADEL shows it', [{ admin: { org1: 'one.example' } }]],
    ['a number', 7],
    ['true', true],
  ] as const) {
    it(`reads ${what} as no roles`, () => expect(readOwnRoles({ [general]: claim }, {}, undefined)).toEqual({}))
  }

  for (const [what, organizations] of [
    ['no organization', {}],
    ['null', null],
    ['true', true],
    ['a text', 'org1'],
    ['a list', ['org1']],
  ] as const) {
    it(`does not take a role for granted that has ${what}`, () =>
      expect(readOwnRoles({ [general]: { admin: organizations } }, {}, undefined)).toEqual({}))
  }

  it('shares frozen roles with the claims instead of copying them', () => {
    const frozen = toFrozenJson({ [general]: { admin: { org1: 'one.example' } } }) as Record<string, unknown>
    expect(readOwnRoles(frozen, {}, undefined)).toBe(frozen[general])
  })

  for (const [what, shape] of [
    ['could be changed', { __proto__: null, admin: toFrozenJson({ org1: 'one.example' }) }],
    ['could be changed inside', Object.freeze({ __proto__: null, admin: { __proto__: null, org1: 'one.example' } })],
    ['have a prototype', Object.freeze({ admin: toFrozenJson({ org1: 'one.example' }) })],
    ['have a prototype inside', Object.freeze({ __proto__: null, admin: Object.freeze({ org1: 'one.example' }) })],
    ['are granted by nobody', toFrozenJson({ admin: { org1: 'one.example' }, editor: {} })],
    ['name no domain', toFrozenJson({ admin: { org1: 'one.example', org2: null } })],
  ] as const) {
    it(`copies roles that ${what}`, () => {
      const roles = readOwnRoles({ [general]: shape }, {}, undefined)
      expect(roles).not.toBe(shape)
      expect(roles['admin']?.['org1']).toBe('one.example')
      expect([roles, roles['admin']].map((record) => Object.getPrototypeOf(record))).toEqual([null, null])
      expect([roles, roles['admin']].every((record) => Object.isFrozen(record))).toBe(true)
    })
  }

  it('keeps an organization whose domain is no text, since the id is what counts', () =>
    expect(readOwnRoles({ [general]: { admin: { org1: null, org2: 7 } } }, {}, undefined)).toEqual({
      admin: { org1: '', org2: '' },
    }))

  for (const name of strangeNames) {
    it(`takes ${JSON.stringify(name)} for a role and an organization like any other`, () => {
      const claim = JSON.parse(`{${JSON.stringify(name)}:{${JSON.stringify(name)}:"one.example"}}`)
      const roles = readOwnRoles({ [general]: claim }, {}, undefined)
      expect(Object.keys(roles)).toEqual([name])
      expect(Object.entries(roles[name] ?? {})).toEqual([[name, 'one.example']])
    })
  }

  it('gives frozen records without a prototype, all the way down', () => {
    const roles = readOwnRoles({ [general]: { admin: { org1: '' } } }, {}, undefined)
    expect([roles, roles['admin']].map(Object.isFrozen)).toEqual([true, true])
    expect([roles, roles['admin']].map(Object.getPrototypeOf)).toEqual([null, null])
  })
})
