import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { issuer, startFakeZitadel } from '../../test/fake-zitadel.js'
import { createManualClock } from '../../test/manual-clock.js'
import { setUpNetwork } from '../../test/network.js'
import type { ZitadelAuthOptions } from '../options.js'
import { createZitadelAuth, type ZitadelAuth } from '../zitadel-auth.js'
import { createGuard, type GuardKind } from './guard.js'

const server = setUpNetwork()
const header = 'Bearer token-of-ann'
const roles = { 'urn:zitadel:iam:org:project:roles': { reader: { org1: '' } } }
const ann = expect.objectContaining({ userId: 'ann', token: 'token-of-ann' })

async function setUp(options: Partial<ZitadelAuthOptions> = {}) {
  const zitadel = startFakeZitadel(server)
  const clock = createManualClock()
  zitadel.tokens.set('token-of-ann', { sub: 'ann', aud: ['client-1'], exp: clock.now() / 1_000 + 3_600, ...roles })
  const auth = createZitadelAuth({
    domain: issuer,
    clientId: 'client-1',
    clientSecret: 'words',
    clock,
    ...options,
  } as ZitadelAuthOptions)
  return { auth, clock, zitadel, asked: () => zitadel.counts().introspection }
}

/** Lets the token be cached. */
const warm = (auth: ZitadelAuth) => auth.authenticate(header)

const recallOf = (auth: ZitadelAuth, given: readonly unknown[] = [], kind: GuardKind = 'required') =>
  createGuard(auth, kind, given).recall

describe('the recall of a guard', () => {
  it('hangs on the function under a name that another copy of this package knows', async () => {
    const { auth } = await setUp()
    expect(Object.getOwnPropertySymbols(auth.authenticate)).toEqual([Symbol.for('@org/zitadel-auth/recall')])
  })

  for (const kind of ['required', 'optional'] as const) {
    it(`gives the context of a cached token in the same turn, where credentials are ${kind}`, async () => {
      const { auth, asked } = await setUp()
      const recall = recallOf(auth, [], kind)
      expect(recall(header)).toBeUndefined()
      await warm(auth)
      expect(recall(header)).toEqual(ann)
      expect(asked()).toBe(1)
    })

    for (const given of [undefined, null, '', [], [header], 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer token-of-bob']) {
      it(`decides nothing for the header ${JSON.stringify(given)}, where credentials are ${kind}`, async () => {
        const { auth } = await setUp()
        await warm(auth)
        expect(recallOf(auth, [], kind)(given)).toBeUndefined()
      })
    }
  }

  for (const given of ['bearer token-of-ann', 'Bearer  token-of-ann', 'BEARER token-of-ann', 'Bearer token-of-ann ']) {
    it(`leaves ${JSON.stringify(given)} to whoever reads it closely`, async () => {
      const { auth } = await setUp()
      await warm(auth)
      expect(recallOf(auth)(given)).toBeUndefined()
    })
  }

  it('gives nothing for a header that is longer than may be, whatever is cached', async () => {
    const { auth } = await setUp({ maxHeaderBytes: header.length })
    await warm(auth)
    expect(recallOf(auth)(header)).toEqual(ann)
    const { auth: narrow } = await setUp({ maxHeaderBytes: header.length - 1 })
    await narrow.authenticateToken('token-of-ann')
    expect(recallOf(narrow)(header)).toBeUndefined()
  })

  for (const [requirement, isMet] of [
    [true, true],
    [{ role: 'reader' }, true],
    [{ role: 'reader', inOrganization: 'org1' }, true],
    [{ role: 'admin' }, false],
    [{ role: 'reader', inOrganization: 'org2' }, false],
    [{ organizationId: 'org1' }, false],
    [{ scope: 'tasks' }, false],
  ] as const) {
    it(`${isMet ? 'lets pass' : 'decides nothing about'} a request that needs ${JSON.stringify(requirement)}`, async () => {
      const { auth } = await setUp()
      await warm(auth)
      expect(recallOf(auth, [requirement])(header)).toEqual(isMet ? ann : undefined)
    })
  }

  it('never asks a check or a function of the request, which may take their time', async () => {
    const { auth } = await setUp()
    await warm(auth)
    const check = vi.fn(() => true)
    const requirement = vi.fn(() => true as const)
    expect(recallOf(auth, [{ check }])(header)).toBeUndefined()
    expect(recallOf(auth, [requirement])(header)).toBeUndefined()
    expect([check.mock.calls, requirement.mock.calls]).toEqual([[], []])
  })

  it('gives nothing of a closed ZitadelAuth', async () => {
    const { auth } = await setUp()
    const recall = recallOf(auth)
    await warm(auth)
    auth.close()
    expect(recall(header)).toBeUndefined()
  })

  it('gives nothing with the cache off', async () => {
    const { auth } = await setUp({ cache: false })
    await warm(auth)
    expect(recallOf(auth)(header)).toBeUndefined()
  })

  it('tells whoever listens of a request once, when it lets it pass', async () => {
    const { auth } = await setUp()
    await warm(auth)
    const heard: unknown[] = []
    const listener = (event: unknown): void => void heard.push(event)
    const names = ['verified', 'refused', 'cache'].map((name) => `@org/zitadel-auth:${name}`)
    for (const name of names) subscribe(name, listener)
    onTestFinished(() => names.forEach((name) => void unsubscribe(name, listener)))
    recallOf(auth, [{ role: 'admin' }])(header)
    recallOf(auth, [{ role: 'reader' }])(header)
    expect(heard).toEqual([
      { issuer, outcome: 'hit' },
      { issuer, userId: 'ann', verifiedBy: 'introspection' },
    ])
  })

  it('gives every request a context of its own, so that a Date that is set is set for one', async () => {
    const { auth } = await setUp()
    await warm(auth)
    const recall = recallOf(auth)
    const [one, other] = [recall(header), recall(header)]
    one?.expiresAt?.setTime(0)
    expect(other?.expiresAt?.getTime()).toBeGreaterThan(0)
    expect(Object.isFrozen(one)).toBe(true)
  })

  for (const [what, replace] of [
    [
      'a copy with a function of its own',
      (auth: ZitadelAuth, authenticate: ZitadelAuth['authenticate']) => ({ ...auth, authenticate }),
    ],
    ['a spy', (auth: ZitadelAuth, authenticate: ZitadelAuth['authenticate']) => Object.assign(auth, { authenticate })],
    [
      'a heir',
      (auth: ZitadelAuth, authenticate: ZitadelAuth['authenticate']) =>
        Object.create(auth, { authenticate: { value: authenticate } }) as ZitadelAuth,
    ],
  ] as const) {
    it(`is none for ${what}: what it refuses nobody lets pass`, async () => {
      const { auth } = await setUp()
      await warm(auth)
      const refuses = vi.fn<ZitadelAuth['authenticate']>().mockRejectedValue(new Error('refused by hand'))
      const guard = createGuard(replace(auth, refuses), 'required', [])
      expect(guard.recall(header)).toBeUndefined()
      await expect(guard.admit(header, {})).rejects.toThrow('refused by hand')
    })
  }

  it('ends for a guard that is there already, when the function is replaced', async () => {
    const { auth } = await setUp()
    const recall = recallOf(auth)
    await warm(auth)
    expect(recall(header)).toEqual(ann)
    vi.spyOn(auth, 'authenticate')
    expect(recall(header)).toBeUndefined()
  })

  it('judges by no requirement that nobody has read, though a wrapper hands it through', async () => {
    const { auth } = await setUp()
    await warm(auth)
    const readRequirement = ((requirement: unknown) => requirement) as ZitadelAuth['readRequirement']
    const guard = createGuard({ ...auth, readRequirement }, 'required', [{ rolle: 'admin' }])
    expect(guard.recall(header)).toBeUndefined()
    await expect(guard.admit(header, {})).rejects.toThrow(TypeError)
  })

  it('is there for a copy that replaces nothing', async () => {
    const { auth } = await setUp()
    await warm(auth)
    expect(recallOf({ ...auth })(header)).toEqual(ann)
  })
})
