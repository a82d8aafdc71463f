import { describe, expect, it, vi } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import type { JsonObject } from './json.js'
import type { Logger } from './problem-log.js'
import { createSetUpHints } from './set-up-hints.js'

const inactive = { active: false }
const active = { active: true, sub: 'ann' }
const rolesIn = (...projects: readonly string[]): JsonObject => ({
  ...active,
  ...Object.fromEntries(projects.map((id) => [`urn:zitadel:iam:org:project:${id}:roles`, { admin: { org: '' } }])),
})

function setUp(projectId?: string) {
  const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() }
  const clock = createManualClock()
  const hint = createSetUpHints({ projectId, logger, clock })
  const hear = (...answers: readonly JsonObject[]): void => {
    for (const answer of answers) hint(answer)
  }
  return { clock, hint, hear, hints: () => [...logger.warn.mock.calls, ...logger.error.mock.calls].flat() }
}

const neverActive = (id: string): string =>
  '[zitadel-auth] hint: no token has been active since the start. The client must request the scope' +
  ` urn:zitadel:iam:org:project:id:${id}:aud, and its tokens must be access tokens of the configured domain`

const otherProject =
  "[zitadel-auth] hint: the roles in ZITADEL's answers are of another project than the configured projectId p1, so they" +
  ' do not count: set projectId to the project that has the API application with the configured credentials'

describe('createSetUpHints', () => {
  it('names the scope that tokens lack when five were inactive and none active', () => {
    const { hear, hints } = setUp()
    hear(inactive, inactive, inactive, inactive)
    expect(hints()).toEqual([])
    hear(inactive)
    expect(hints()).toEqual([neverActive("{id of this API's project}")])
  })

  it('names the project in that scope where it is known', () => {
    const { hear, hints } = setUp('p1')
    hear(inactive, inactive, inactive, inactive, inactive)
    expect(hints()).toEqual([neverActive('p1')])
  })

  it('says of the last of them what it shows', () => {
    const { hint, hear, hints } = setUp('p1')
    hear(inactive, inactive, inactive, inactive)
    hint(inactive, () => 'it is an ID token')
    expect(hints()).toEqual([`${neverActive('p1')}. Of the last one: it is an ID token`])
  })

  it('says nothing of a token that shows nothing', () => {
    const { hint, hear, hints } = setUp('p1')
    hear(inactive, inactive, inactive, inactive)
    hint(inactive, () => undefined)
    expect(hints()).toEqual([neverActive('p1')])
  })

  it('says nothing of inactive tokens once one was active', () => {
    const { hear, hints } = setUp()
    hear(inactive, active, ...Array<JsonObject>(20).fill(inactive))
    expect(hints()).toEqual([])
  })

  it('says what to change when the roles are those of another project', () => {
    const { hear, hints } = setUp('p1')
    hear(rolesIn('p2'))
    expect(hints()).toEqual([otherProject])
  })

  for (const [what, projectId, answer] of [
    ['the own project', 'p1', rolesIn('p1')],
    ['the own project among others', 'p1', rolesIn('p2', 'p1')],
    ['no project', 'p1', active],
    ['a project where none is configured', undefined, rolesIn('p2')],
  ] as const) {
    it(`says nothing of roles in ${what}`, () => {
      const { hear, hints } = setUp(projectId)
      hear(answer)
      expect(hints()).toEqual([])
    })
  }

  it('repeats neither of them within a minute', () => {
    const { hear, hints, clock } = setUp('p1')
    const all = [...Array<JsonObject>(10).fill(inactive), rolesIn('p2'), rolesIn('p2')]
    hear(...all)
    expect(hints()).toEqual([neverActive('p1'), otherProject])
    clock.advanceSeconds(59.999)
    hear(rolesIn('p2'))
    expect(hints()).toHaveLength(2)
    clock.advanceSeconds(0.001)
    hear(rolesIn('p2'))
    expect(hints()).toEqual([neverActive('p1'), otherProject, otherProject])
  })

  it('repeats no value of an answer: an Action may have written it', () => {
    const { hear, hints } = setUp('p1')
    hear(rolesIn('p2\n[forged] line'))
    expect(hints()).toEqual([otherProject])
  })
})
