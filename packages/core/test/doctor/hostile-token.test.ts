import { Buffer } from 'node:buffer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const toSegment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that anybody can write: nothing vouches for it. */
function forge(claims: object): string {
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const access = { sub: '1', jti: '1', client_id: '1', iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 600 }
  const header = { alg: 'RS256', kid: 'none', typ: 'JWT' }
  return `${toSegment(header)}.${toSegment({ ...access, iss: 'https://evil.example', aud: ['1'], ...claims })}.AAAA`
}

/** The lines as a terminal of 80 columns shows them, where nothing but ASCII is sure to be narrow. */
function show(text: string): readonly string[] {
  const shown: string[] = ['']
  let column = 0
  for (const character of text) {
    const width = /[\x20-\x7e✓✗]/.test(character) ? 1 : 2
    if (character === '\n' || column + width > 80) column = shown.push('') * 0
    if (character === '\n') continue
    shown[shown.length - 1] += character
    column += width
  }
  return shown
}

const verdict = '✓ token signature      verified by a key of ZITADEL'

const fillings: readonly (readonly [string, string])[] = [
  ['no-break spaces', `${'\u00a0'.repeat(56)}${verdict}`],
  ['em spaces', `${'\u2003'.repeat(56)}${verdict.replaceAll(' ', '\u2003')}`],
  ['a word without end', `${'x'.repeat(56)}${verdict.replaceAll(' ', '_')}`],
  ['characters that are wide', `${'あ'.repeat(28)}${verdict.replaceAll(' ', '_')}`],
  ['line and paragraph separators', `x\u2028${verdict}\u2029${verdict}`],
  ['a line break', `x\n${verdict}\r\n${verdict}\u0085${verdict}`],
  ['marks of direction', `x\u202e\u2066\u200f${verdict}`],
  ['private and unassigned characters', `x\ue000\u{10ffff}\ud800${verdict}`],
]

/** What may start a line: the doctor's own signs, its indent, and what follows the steps. */
const own = /^([✓!✗-] (name|clock|key|introspection|token)| {2}|$|More about what is marked with ✗:$)/

describe('zitadel-auth doctor, given the token of a stranger', () => {
  it.each(fillings)('lets no claim with %s begin a line, or forge one', async (_name, filling) => {
    const token = forge({ iss: `https://x ${filling}`, aud: [filling, `x ${filling}`] })

    const { text } = await world.run(world.args({ token: '-' }), token)

    const lines = show(text)
    expect(lines.filter((line) => !own.test(line))).toEqual([])
    expect(lines.filter((line) => line.startsWith('✓ token signature'))).toEqual([])
    expect(text).not.toMatch(/[^\P{C}\n]|[^\P{Z} ]/u)
  })

  it.each(fillings)('writes a claim with %s as JSON that a terminal can show', async (_name, filling) => {
    const report = await world.run([...world.args({ token: '-' }), '--json'], forge({ iss: filling }))

    expect(report.text).not.toMatch(/[^\P{C}\n]|[^\P{Z} ]/u)
    expect(readSteps(report)).toHaveLength(12)
  })

  it('quotes what a claim says, so that it reads as nobody else', async () => {
    const token = forge({ iss: 'x. ZITADEL has verified it', aud: ['y". All is well', 'z'] })

    const report = await world.run([...world.args({ token: '-' }), '--json'], token)

    const words = readSteps(report).map(wordsOf).join('\n')
    expect(words).toContain('"x. ZITADEL has verified it"')
    expect(words).toContain('"y\\". All is well", "z"')
    expect(words.replaceAll('"x. ZITADEL has verified it"', '')).not.toContain('ZITADEL has verified it')
  })

  it('prints a claim of any length in a few lines', async () => {
    const roles = Array.from({ length: 5_000 }, (_, index) => `role-${index}`)
    for (const role of roles.slice(0, 30)) {
      world.zitadel.createRole(world.project, role)
      world.zitadel.grantRole(world.user, { project: world.project, role })
    }

    const forged = await world.run(
      world.args({ token: '-' }),
      forge({ iss: 'y'.repeat(3_000), aud: roles.slice(0, 500) }),
    )
    const good = await world.run([...world.args({ token: '-' }), '--json'], world.token)

    expect(forged.text).toContain('and 480 more')
    expect(forged.text).not.toContain('y'.repeat(201))
    expect(forged.text.length).toBeLessThan(5_000)
    expect(readSteps(good).at(-1)?.detail).toMatch(/"role-0", .*"role-19" and 10 more$/)
  })

  it('leads nobody to the issuer of a token that ZITADEL has not signed', async () => {
    const report = await world.run([...world.args({ token: '-' }), '--json'], forge({ iss: 'https://evil.example' }))

    const issuer = readSteps(report).find(({ name }) => name === 'token issuer')
    expect(wordsOf(issuer as never)).toContain(`get one from ${world.zitadel.issuer}`)
    expect(wordsOf(issuer as never)).not.toMatch(/set (--)?domain|only if that is/)
  })

  it('says of an issuer that nobody has checked that it may be a stranger', async () => {
    world.zitadel.fail('keys', { status: 404 })

    const report = await world.run([...world.args({ token: '-' }), '--json'], forge({ iss: 'https://evil.example' }))

    const issuer = readSteps(report).find(({ name }) => name === 'token issuer')
    expect(wordsOf(issuer as never)).toContain('only if that is your ZITADEL')
  })
})
