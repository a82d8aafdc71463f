import { describe, expect, it } from 'vitest'
import { readGroups } from './groups.js'

const claim = 'urn:zitadel:iam:user:groups'

describe('readGroups', () => {
  it('reads ids and names', () =>
    expect(
      readGroups({
        [claim]: [
          { id: 'group1', name: 'Staff' },
          { id: 'group2', name: 'Board' },
        ],
      }),
    ).toEqual([
      { id: 'group1', name: 'Staff' },
      { id: 'group2', name: 'Board' },
    ]))

  it('leaves out what it does not know of a group', () =>
    expect(readGroups({ [claim]: [{ id: 'group1', name: 'Staff', role: 'admin' }] })).toEqual([
      { id: 'group1', name: 'Staff' },
    ]))

  for (const name of [undefined, null, 7, {}]) {
    it(`takes the name ${JSON.stringify(name)} for an empty one, since only the id counts`, () =>
      expect(readGroups({ [claim]: [{ id: 'group1', name }] })).toEqual([{ id: 'group1', name: '' }]))
  }

  for (const group of ['group1', 7, null, [], ['group1'], {}, { name: 'Staff' }, { id: '' }, { id: 7 }, { id: null }]) {
    it(`passes over ${JSON.stringify(group)}, which is no group`, () =>
      expect(readGroups({ [claim]: [group, { id: 'group2', name: 'Board' }] })).toEqual([
        { id: 'group2', name: 'Board' },
      ]))
  }

  for (const groups of [undefined, null, 'group1', 7, {}, { id: 'group1', name: 'Staff' }]) {
    it(`finds no group in ${JSON.stringify(groups)}, which is no list`, () =>
      expect(readGroups({ [claim]: groups })).toEqual([]))
  }

  it('finds no group in the claim "groups", which an Action may write', () =>
    expect(readGroups({ groups: [{ id: 'group1', name: 'Staff' }] })).toEqual([]))

  it('gives what nobody can change, also where there is none', () => {
    const groups = readGroups({ [claim]: [{ id: 'group1', name: 'Staff' }] })
    expect([groups, groups[0], readGroups({})].map(Object.isFrozen)).toEqual([true, true, true])
  })
})
