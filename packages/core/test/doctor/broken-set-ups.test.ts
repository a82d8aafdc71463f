import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slicesOf } from '../application-keys.js'
import { brokenSetUps } from './broken-set-ups.js'
import { createWorld, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** The first cells of all tables of the page: what its readers see. */
const symptoms = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| +(.+?) +\|/.exec(line)?.[1] ?? [])
  .map((cell) =>
    cell
      .replaceAll('`', '')
      .split('…')
      .map((part) => part.trim()),
  )

describe('zitadel-auth doctor', () => {
  it.each(brokenSetUps)('tells $name', async ({ breakIt, step, says, isInferred = false }) => {
    const { args, token, clock } = await breakIt(world)
    const more = clock === undefined ? {} : { clock }
    const asJson = await world.run([...args, '--json'], token, more)
    const asText = await world.run(args, token, more)

    const wrong = readSteps(asJson).find(({ status }) => status === 'failed')
    expect(wrong).toMatchObject({ name: step, isInferred })
    for (const words of says(world)) expect(wordsOf(wrong as never)).toContain(words)
    expect(asText.text).toContain(`✗ ${step}`)
    expect([asJson.exitCode, asText.exitCode]).toEqual([1, 1])
    expect(asText.text.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(slicesOf(token ?? '').filter((slice) => asJson.text.includes(slice) || asText.text.includes(slice))).toEqual(
      [],
    )
    const found = symptoms.filter((parts) => parts.every((part) => wordsOf(wrong as never).includes(part)))
    expect(found).not.toEqual([])
  })
})
