import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differences } from './recorded/differences.js'
import { type Exchange, exchanges } from './recorded/exchanges.js'
import { toComparable } from './recorded/mask.js'
import { restoreRequest } from './recorded/requests.js'
import { type RecordedWorld, startRecordedWorld } from './recorded/world.js'
import { sendRaw } from './support/raw-request.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const differing = new Set(differences.map(({ case: name }) => name))

let world: RecordedWorld
beforeAll(async () => {
  world = await startRecordedWorld()
})
afterAll(() => world.zitadel.close())

const ask = async (exchange: Exchange) =>
  toComparable(await sendRaw(world.zitadel.issuer, await restoreRequest(exchange, world)), world.zitadel.issuer)
const toRecorded = ({ response }: Exchange) => toComparable(response, world.zitadel.issuer)

describe('the local ZITADEL answers as the real one did', () => {
  for (const exchange of exchanges.filter(({ case: name }) => !differing.has(name))) {
    it(`to: ${exchange.case}`, async () => {
      expect(await ask(exchange)).toEqual(toRecorded(exchange))
    })
  }
})

describe('the table of differences', () => {
  for (const exchange of exchanges.filter(({ case: name }) => differing.has(name))) {
    it(`has a difference that there is: ${exchange.case}`, async () => {
      expect(await ask(exchange)).not.toEqual(toRecorded(exchange))
    })
  }

  it('has only requests that were recorded, once', () => {
    const recorded = exchanges.map(({ case: name }) => name)

    expect(recorded.filter((name) => differing.has(name))).toEqual(differences.map(({ case: name }) => name))
  })

  for (const { case: name, reason } of differences) {
    it(`is in the README, with the reason: ${name}`, () => {
      expect(readme.replaceAll(/ +/g, ' ')).toContain(`| \`${name}\` | ${reason} |`)
    })
  }

  it('is counted in the README', () => {
    expect(readme).toContain(`${exchanges.length - differences.length} of ${exchanges.length} recorded requests`)
  })
})
