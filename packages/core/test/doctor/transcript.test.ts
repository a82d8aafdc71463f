import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const page = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8')
const [, transcript] = /## Run the doctor.*?```text\n(.*?)```/s.exec(page) ?? []

/** Ids, the port and a duration differ from run to run. */
const mask = (text: string): string =>
  text
    .replace(/\d{18}/g, '{id}')
    .replace(/127\.0\.0\.1:\d+/g, '{host}')
    .replace(/in \d+ ms/, 'in {n} ms')

describe('the transcript in the page on troubleshooting', () => {
  it('is what the doctor says of an opaque token without the audience of the API', async () => {
    const token = world.zitadel.issueAccessToken(world.user, { type: 'opaque', scopes: ['openid'] })

    const { text } = await world.run(world.args({ token: '-' }), token)

    expect(mask(text)).toBe(mask(transcript ?? ''))
  })
})
