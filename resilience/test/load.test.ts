import { afterAll, describe, expect, it, vi } from 'vitest'
import { leaveFigures } from '../src/figures.js'
import { createHeapMeter } from '../src/heap-meter.js'
import { createSigner } from '../src/jwt-signer.js'
import { createJunkToken, createOpaqueToken, createSimulatedZitadel } from '../src/simulated-zitadel.js'

/** How many answers of 400 KiB come; a full run sets `LOAD_ANSWERS` to ten thousand. */
const largeAnswers = Number(process.env['LOAD_ANSWERS'] ?? 300)

vi.setConfig({ testTimeout: 60 * 60_000 })

const figures: Record<string, number> = {}
afterAll(() => leaveFigures('load', figures))

const year = 365 * 24 * 60 * 60
const claims = (sub: string, more: object = {}) => ({ sub, exp: Date.UTC(2026, 0, 1) / 1_000 + year, ...more })

/** The part of the requests that were let pass within a second, in per cent. */
function toPercent(outcomes: readonly { readonly status: number; readonly ms: number }[]): number {
  const passed = outcomes.filter(({ status, ms }) => status === 200 && ms <= 1_000).length
  return (100 * passed) / outcomes.length
}

describe('a stranger with 1,500 tokens a second', () => {
  const strangers = { 'made up': createJunkToken, 'that look like those of ZITADEL': createOpaqueToken }

  /** Forty seconds, of which the stranger is there from the sixth. */
  async function flood(latencyMs: number, createStrangeToken: () => string) {
    const zitadel = createSimulatedZitadel(latencyMs)
    const known = Array.from({ length: 200 }, createOpaqueToken)
    const fresh = Array.from({ length: 50 }, createOpaqueToken)
    for (const token of [...known, ...fresh]) zitadel.tokens.set(token, claims(token.slice(-8)))
    const outcomes = { known: [] as { status: number; ms: number }[], fresh: [] as { status: number; ms: number }[] }
    const send = (token: string, to: { status: number; ms: number }[]): void =>
      void zitadel.ask(token).then((outcome) => to.push(outcome))

    for (const [at, token] of known.entries()) {
      zitadel.after(at * 10, () => void zitadel.ask(token))
      // Half of them come every second; the others only after their answer is too old.
      const times = at % 2 === 0 ? Array.from({ length: 30 }, (_, second) => 7_000 + second * 1_000) : [36_500]
      for (const ms of times) zitadel.after(ms + at, () => send(token, outcomes.known))
    }
    for (let ms = 6_000; ms < 38_000; ms += 2 / 3) {
      zitadel.after(ms, () => void zitadel.ask(createStrangeToken()))
    }
    for (const [at, token] of fresh.entries()) zitadel.after(8_000 + at * 571, () => send(token, outcomes.fresh))
    await zitadel.runUntil(60_000)
    return { known: toPercent(outcomes.known), fresh: toPercent(outcomes.fresh) }
  }

  it.each([
    [5, 'made up'],
    [100, 'made up'],
    [5, 'that look like those of ZITADEL'],
  ] as const)('against a ZITADEL of %i ms keeps nobody out with tokens %s', async (latencyMs, kind) => {
    const { known, fresh } = await flood(latencyMs, strangers[kind])
    figures[`% of the tokens known before let pass within a second at ${latencyMs} ms, with tokens ${kind}`] = known
    figures[`% of the new ones then, at ${latencyMs} ms, with tokens ${kind}`] = fresh
    expect({ known, fresh }).toEqual({ known: 100, fresh: 100 })
  })

  it('against a ZITADEL of 100 ms keeps out no token that was good before, also where his look like them', async () => {
    const { known, fresh } = await flood(100, createOpaqueToken)
    figures['% of the tokens known before at 100 ms, with tokens that look like those of ZITADEL'] = known
    figures['% of the new ones, for which there is not room'] = fresh
    expect(known).toBe(100)
    // A third of 1,500 a second have room, of which tokens that were good before take their part first.
    expect(fresh).toBeGreaterThanOrEqual(24)
  })
})

describe('a restart with 1,000 active tokens', () => {
  it.each([5, 20])('is noticed by nobody while ZITADEL answers within %i ms', async (latencyMs) => {
    const zitadel = createSimulatedZitadel(latencyMs)
    const tokens = Array.from({ length: 1_000 }, createOpaqueToken)
    for (const token of tokens) zitadel.tokens.set(token, claims(token.slice(-8)))
    const outcomes = Promise.all(tokens.map((token) => zitadel.ask(token)))
    await zitadel.runUntil(10_000)
    expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('a rotation of keys while a stranger brings a foreign key id once a second', () => {
  it.each([
    { verification: 'jwt', maxFetchesPerSecond: 0.2, refusals: [503], minPassed: 86 },
    { verification: 'auto', maxFetchesPerSecond: 0.3, refusals: [], minPassed: 100 },
  ] as const)('sends nobody to the login in $verification, at whatever moment', async (promised) => {
    const { verification, maxFetchesPerSecond, refusals, minPassed } = promised
    const outcomes: { readonly status: number; readonly msSinceRotation: number }[] = []
    const fetchesPerSecond: number[] = []
    for (let moment = 0; moment < 20; moment += 1) {
      const zitadel = createSimulatedZitadel(20, { verification, projectId: 'project-1', cache: false })
      const [before, after, foreign] = [
        await createSigner('before'),
        await createSigner('after'),
        await createSigner('x'),
      ]
      zitadel.keys = [before.jwk]
      const issue = async (signer: typeof before, id: string) => {
        const token = await signer.sign(claims('ann', { jti: id, iat: Date.UTC(2026, 0, 1) / 1_000 }))
        zitadel.tokens.set(token, claims('ann', { jti: id }))
        return token
      }
      const rotatedAtMs = 10_000 + moment * 550
      for (let second = 0; second < 40; second += 1) {
        const nowMs = second * 1_000
        await zitadel.runUntil(nowMs)
        zitadel.keys = nowMs >= rotatedAtMs ? [after.jwk, before.jwk] : zitadel.keys
        const stranger = { ...foreign, sign: foreign.sign }
        await zitadel.runWhile(zitadel.ask(await stranger.sign(claims('eve', { jti: 'x' }), `foreign-${second}`)))
        const good = await issue(nowMs >= rotatedAtMs ? after : before, `id-${second}`)
        const { status } = await zitadel.runWhile(zitadel.ask(good))
        outcomes.push({ status, msSinceRotation: nowMs - rotatedAtMs })
      }
      fetchesPerSecond.push(zitadel.asked.keys / 40)
    }
    figures[`fetches of keys per second in ${verification}, at most`] = Math.max(...fetchesPerSecond)
    const refused = outcomes.filter(({ status }) => status !== 200)
    const passed = 100 - (100 * refused.length) / outcomes.length
    const waits = refused.map(({ msSinceRotation }) => msSinceRotation)
    figures[`% of good JWTs let pass in ${verification}`] = passed
    figures[`ms after a rotation in which good JWTs got 503 in ${verification}, at most`] = Math.max(0, ...waits)
    expect(Math.max(...fetchesPerSecond)).toBeLessThanOrEqual(maxFetchesPerSecond)
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(refusals))
    expect(passed).toBeGreaterThanOrEqual(minPassed)
    // Nobody is refused before the rotation, nor after the next fetch that is allowed.
    expect(waits.filter((ms) => ms < 0 || ms >= 10_000)).toEqual([])
  })
})

describe('a token that is used 20 times a second', () => {
  it('never waits for a new answer, and costs at most 1.3 times the questions', async () => {
    const zitadel = createSimulatedZitadel(100, { cache: { ttlSeconds: 5 } })
    const token = createOpaqueToken()
    zitadel.tokens.set(token, claims('ann'))
    const waits: number[] = []
    for (let ms = 0; ms < 60_000; ms += 50) {
      zitadel.after(ms, () => void zitadel.ask(token).then((outcome) => waits.push(outcome.ms)))
    }
    await zitadel.runUntil(61_000)
    const afterTheFirst = waits.slice(5)
    const withoutRenewal = Math.ceil(60 / 5.1)
    figures['ms that a request with a token in use waits, at most'] = Math.max(...afterTheFirst)
    figures['questions in a minute, where there were 12 without renewal'] = zitadel.asked.introspection
    expect(waits).toHaveLength(1_200)
    expect(Math.max(...afterTheFirst)).toBeLessThanOrEqual(10)
    expect(zitadel.asked.introspection).toBeLessThanOrEqual(1.3 * withoutRenewal)
  })
})

describe('twenty refusals of one token, one after the other', () => {
  it('take no longer than their questions, of which there are six, and a role that is granted then counts', async () => {
    const zitadel = createSimulatedZitadel(20)
    const token = createOpaqueToken()
    zitadel.tokens.set(token, claims('ann'))
    await zitadel.runWhile(zitadel.ask(token))
    const [startedAtMs, before] = [zitadel.now(), zitadel.asked.introspection]
    for (let times = 0; times < 20; times += 1) {
      expect((await zitadel.runWhile(zitadel.ask(token, { role: 'admin' }))).status).toBe(403)
    }
    const questions = zitadel.asked.introspection - before
    const ms = zitadel.now() - startedAtMs - questions * 20
    figures['questions for 20 refusals of one token'] = questions
    figures['ms beside them'] = ms
    expect(questions).toBeLessThanOrEqual(6)
    expect(ms).toBeLessThan(200)

    const roles = { admin: { org1: 'one.example' } }
    zitadel.tokens.set(token, claims('ann', { 'urn:zitadel:iam:org:project:roles': roles }))
    const grantedAtMs = zitadel.now()
    await zitadel.runUntil(grantedAtMs + 1_000)
    expect((await zitadel.runWhile(zitadel.ask(token, { role: 'admin' }))).status).toBe(200)
    figures['ms until a role counts that was granted after them'] = zitadel.now() - grantedAtMs
    expect(zitadel.now() - grantedAtMs).toBeLessThanOrEqual(1_100)
  })
})

describe('answers of 400 KiB', () => {
  it('take less than 200 MiB, however many there are', async () => {
    const measure = createHeapMeter()
    const zitadel = createSimulatedZitadel(1)
    const before = await measure()
    for (let at = 0; at < largeAnswers; at += 1) {
      const organizations = Object.fromEntries(
        Array.from({ length: 6_400 }, (_, index) => [
          `${at}${100_000_000_000 + index}`,
          'organization-of-a-customer.example',
        ]),
      )
      const token = createOpaqueToken()
      zitadel.tokens.set(token, claims(`user-${at}`, { 'urn:zitadel:iam:org:project:roles': { admin: organizations } }))
      await zitadel.runWhile(zitadel.ask(token))
      zitadel.tokens.delete(token)
    }
    const bytes = (await measure()) - before
    zitadel.auth.close()
    figures[`MiB that ${largeAnswers.toLocaleString('en')} answers of 400 KiB take`] = Math.round(bytes / 1_048_576)
    expect(bytes).toBeLessThan(200 * 1_048_576)
  })
})
