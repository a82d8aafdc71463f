import { describe, expect, it } from 'vitest'
import { recordedEvents } from '../../test/recorded-events.js'
import type { ZitadelEvent } from './event.js'
import { type Concerned, findConcerned } from './find-concerned.js'

const find = (type: string, payload: object = {}, aggregateId = 'aggregate'): Concerned =>
  findConcerned({ type, aggregateId, creatorId: 'creator', payload } as unknown as ZitadelEvent)

const user = (userId: string) => ({ userId })

describe('findConcerned', () => {
  for (const [type, payload, concerned] of [
    ['user.locked', {}, user('aggregate')],
    ['user.deactivated', {}, user('aggregate')],
    ['user.removed', {}, user('aggregate')],
    ['user.human.signed.out', {}, user('aggregate')],
    ['user.token.removed', { tokenId: 'token' }, user('aggregate')],
    ['user.pat.removed', { tokenId: 'token' }, { tokenId: 'token' }],
    ['user.pat.removed', {}, user('aggregate')],
    ['user.grant.added', { userId: 'grantee' }, user('grantee')],
    ['user.grant.changed', { userId: 'grantee' }, user('grantee')],
    ['user.grant.removed', { userId: 'grantee' }, user('grantee')],
    ['user.grant.removed', {}, 'all'],
    ['user.grant.removed', { userId: 'not an id' }, 'all'],
    ['user.grant.cascade.changed', {}, 'all'],
    ['user.grant.cascade.removed', {}, 'all'],
    ['user.grant.deactivated', {}, 'all'],
    ['user.grant.reactivated', {}, 'all'],
    ['user.grant.of.tomorrow', {}, 'all'],
    ['session.terminated', {}, 'all'],
    ['oidc_session.access_token.revoked', {}, { sessionId: 'aggregate' }],
    ['oidc_session.refresh_token.revoked', {}, { sessionId: 'aggregate' }],
    ['project.deactivated', {}, 'all'],
    ['project.removed', {}, 'all'],
    ['project.role.removed', { key: 'admin' }, 'all'],
    ['project.grant.removed', {}, 'all'],
    ['org.deactivated', {}, 'all'],
    ['org.removed', {}, 'all'],
    ['oidc_session.access_token.added', {}, 'nothing'],
    ['user.unlocked', {}, 'nothing'],
    ['user.reactivated', {}, 'nothing'],
    ['user.human.added', {}, 'nothing'],
    ['project.added', {}, 'nothing'],
    ['toString', {}, 'nothing'],
    ['__proto__', {}, 'nothing'],
    ['', {}, 'nothing'],
  ] as const) {
    it(`finds ${JSON.stringify(concerned)} in ${type} with ${JSON.stringify(payload)}`, () =>
      expect(find(type, payload)).toEqual(concerned))
  }

  it('finds everybody in an event whose aggregate is no id', () => expect(find('user.locked', {}, 'no id')).toBe('all'))

  it('takes the creator of a recorded event for nobody whom it concerns', () => {
    const found = recordedEvents.map(({ body }) => find(String(body['event_type']), Object(body['event_payload'])))

    expect(JSON.stringify(found)).not.toContain('creator')
  })
})
