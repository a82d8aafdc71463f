import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Examines a token without a word about the project. */
async function examine(token: string, options: Readonly<Record<string, string | undefined>> = {}) {
  const report = await world.run([...world.args({ token: '-', 'project-id': undefined, ...options }), '--json'], token)
  const steps = readSteps(report)
  const stepOf = (name: string) => steps.find((step) => step.name === name)
  return { ...report, audience: stepOf('token audience'), zitadel: stepOf('token at ZITADEL') }
}

describe('zitadel-auth doctor without --project-id', () => {
  it('does not blame the audience of a JWT that was revoked', async () => {
    const { zitadel, user, project } = world
    const token = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
    zitadel.revokeAccessToken(token)

    const report = await examine(token)

    expect(report.audience).toMatchObject({ status: 'warning', detail: 'not known: give --project-id' })
    expect(report.zitadel).toMatchObject({ status: 'failed', isInferred: true })
    expect(wordsOf(report.zitadel as never)).toContain('it is expired, revoked')
    expect(report.text).not.toContain('holds neither')
  })

  it('knows the audience of a JWT that names the client id of the API', async () => {
    const { zitadel, user, key } = world
    const token = zitadel.issueAccessToken(user, { type: 'jwt', audience: [key.clientId] })
    zitadel.revokeAccessToken(token)

    expect((await examine(token)).audience).toMatchObject({ status: 'ok' })
  })

  it('takes the word of ZITADEL, which knows the project', async () => {
    const { zitadel, user, project } = world
    const token = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })

    const report = await examine(token)

    expect(report.audience).toMatchObject({ status: 'ok' })
    expect(report.exitCode).toBe(0)
  })

  it('says so of a JWT that only its signature vouches for', async () => {
    const token = world.zitadel.issueAccessToken(world.user, { type: 'jwt', audience: [world.project.id] })

    expect((await examine(token, { key: undefined })).audience).toMatchObject({ status: 'warning' })
  })
})

describe('zitadel-auth doctor without credentials', () => {
  it('does not say that all is well with a token that nobody has judged', async () => {
    const token = world.zitadel.issueAccessToken(world.user, { type: 'opaque', audience: [world.project.id] })

    const report = await examine(token, { key: undefined })

    expect(report.zitadel).toMatchObject({ status: 'failed', detail: 'nobody has judged the token' })
    expect(wordsOf(report.zitadel as never)).toContain('Give --key')
    expect(JSON.parse(report.text)).toMatchObject({ ok: false })
    expect(report.exitCode).toBe(1)
  })
})
