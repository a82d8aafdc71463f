import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Examines the clock by an answer that is so old, with more headers. */
async function examineClock(ageSeconds: number, headers: Readonly<Record<string, string>> = {}) {
  const document = await (await fetch(`${world.zitadel.issuer}/.well-known/openid-configuration`)).text()
  const date = new Date(Date.now() - ageSeconds * 1_000).toUTCString()
  const answer = { 'content-type': 'application/json', date, ...headers }
  world.zitadel.fail('discovery', { status: 200, headers: answer, body: document })
  const report = await world.run([...world.args(), '--json'])
  return { exitCode: report.exitCode, clock: readSteps(report).find(({ name }) => name === 'clock') }
}

describe('zitadel-auth doctor, asked about the clock', () => {
  it('does not take the age of an answer in a cache for a clock that is ahead', async () => {
    expect(await examineClock(300, { age: '300' })).toMatchObject({ exitCode: 0, clock: { status: 'ok' } })
  })

  it('says that it does not know where a cache does not say how old its answer is', async () => {
    const { clock } = await examineClock(300, { age: 'old' })

    expect(clock).toMatchObject({ status: 'skipped' })
    expect(clock?.detail).toContain('not known')
  })

  it('warns, and does no more, where ZITADEL accepts an assertion of this time all the same', async () => {
    const { exitCode, clock } = await examineClock(300)

    expect(clock).toMatchObject({ status: 'warning' })
    expect(clock?.detail).toContain('300 s ahead of ZITADEL')
    expect(wordsOf(clock as never)).not.toContain('believes no assertion')
    expect(exitCode).toBe(0)
  })
})
