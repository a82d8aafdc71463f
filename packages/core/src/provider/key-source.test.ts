import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { generateApplicationKey, slicesOf } from '../../test/application-keys.js'
import { typeError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { type ApplicationKey, readApplicationKey, readApplicationKeyFile } from './application-key.js'
import { createFixedKey, createKeyFile } from './key-source.js'

const first = generateApplicationKey().json
const second = { ...generateApplicationKey().json, keyId: 'key-2' }
const kind = {
  read: readApplicationKeyFile,
  toOwner: ({ clientId }: ApplicationKey) => clientId,
  otherOwner: 'is of another application: restart',
}
const folder = mkdtempSync(join(tmpdir(), 'key-source-'))
const path = join(folder, 'api.json')
afterAll(() => rmSync(folder, { recursive: true }))

function setUp() {
  const replaceBy = (content: object | string) =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  replaceBy(first)
  const logger = { warn: vi.fn<(message: string) => void>(), error: vi.fn<(message: string) => void>() }
  const clock = createManualClock()
  const source = createKeyFile(path, { ...kind, logger, clock })
  return { source, replaceBy, clock, said: () => [...logger.warn.mock.calls, ...logger.error.mock.calls].flat() }
}

describe('createFixedKey', () => {
  it('gives the same key for good', () => {
    const key = readApplicationKey(first)
    const source = createFixedKey(key)
    source.refresh()
    expect(source.current()).toBe(key)
  })
})

describe('createKeyFile', () => {
  it('fails at once for a file that is not there', () =>
    expect(() =>
      createKeyFile(join(folder, 'none.json'), { ...kind, logger: console, clock: createManualClock() }),
    ).toThrow(typeError(expect.stringMatching(/there is no such file/))))

  it('reads the file again when it is told to, and at no other time', () => {
    const { source, replaceBy, said } = setUp()
    replaceBy(second)
    expect(source.current().keyId).toBe('key-1')
    source.refresh()
    expect(source.current().keyId).toBe('key-2')
    expect(said()).toEqual([])
  })

  for (const [what, content, problem] of [
    [
      'is cut off',
      '{"type":"appl',
      /^\[zitadel-auth\] the key from before stays in use, since the key file .*api\.json is not JSON, or is cut off/,
    ],
    ['is empty', '', /since the key file .* is empty/],
    ['is that of a service account', { ...second, type: 'serviceaccount' }, /belongs to a service account/],
    ['is of another application', { ...second, clientId: 'client-2' }, /api\.json is of another application: restart$/],
  ] as const) {
    it(`keeps the key from before where the file ${what}, and says so once a minute`, () => {
      const { source, replaceBy, clock, said } = setUp()
      replaceBy(content)
      source.refresh()
      clock.advanceSeconds(59.999)
      source.refresh()
      expect(source.current().keyId).toBe('key-1')
      expect(said()).toEqual([expect.stringMatching(problem)])
      clock.advanceSeconds(0.001)
      source.refresh()
      expect(said()).toHaveLength(2)
    })
  }

  it('keeps the key from before where the file is gone, and takes the next one that is there', () => {
    const { source, replaceBy, said } = setUp()
    rmSync(path)
    source.refresh()
    expect(said()).toEqual([expect.stringMatching(/there is no such file/)])
    replaceBy(second)
    source.refresh()
    expect(source.current().keyId).toBe('key-2')
  })

  it('says nothing of what is in the file', () => {
    const { source, replaceBy, said } = setUp()
    const text = `${JSON.stringify({ ...second, clientId: 'client-2' })}`
    replaceBy(text)
    source.refresh()
    replaceBy(text.slice(0, -20))
    source.refresh()
    const all = said().join()
    expect(slicesOf(text).filter((slice) => all.includes(slice))).toEqual([])
  })
})
