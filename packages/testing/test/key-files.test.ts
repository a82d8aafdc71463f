import { createPrivateKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '../src/index.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-files-test-'))
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
})
afterEach(async () => {
  await zitadel.close()
  await rm(folder, { recursive: true })
})

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('a key', () => {
  it('of an application has the members of the Console’s download, in their order', () => {
    expect(Object.entries(guide.key)).toEqual([
      ['type', 'application'],
      ['keyId', expect.stringMatching(/^\d{18}$/)],
      ['key', expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+\n-----END RSA PRIVATE KEY-----\n$/)],
      ['appId', guide.application.appId],
      ['clientId', guide.application.clientId],
    ])
  })

  it('of a service account has an expiry too, in the year 9999 when none was chosen', () => {
    expect(Object.entries(zitadel.createServiceUserKey(guide.user))).toEqual([
      ['type', 'serviceaccount'],
      ['keyId', expect.stringMatching(/^\d{18}$/)],
      ['key', expect.stringContaining('-----BEGIN RSA PRIVATE KEY-----')],
      ['expirationDate', '9999-12-31T23:59:59Z'],
      ['userId', guide.user.id],
    ])
  })

  it('is RSA with 2048 bits', () => {
    expect(createPrivateKey(guide.key.key).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
  })
})

describe('writeKeyFile', () => {
  it('writes the key for its owner’s eyes only', async () => {
    const path = await zitadel.writeKeyFile(guide.key)

    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(guide.key)
    expect(await modeOf(path)).toBe(0o600)
  })

  it('writes to a path of one’s choice, over what is there', async () => {
    const path = join(folder, 'api.json')
    await writeFile(path, 'old', { mode: 0o644 })

    expect(await zitadel.writeKeyFile(guide.key, path)).toBe(path)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(guide.key)
    expect(await modeOf(path)).toBe(0o600)
  })

  it('leaves nothing behind after close', async () => {
    const path = await zitadel.writeKeyFile(guide.key)
    await zitadel.close()

    expect(existsSync(join(path, '..'))).toBe(false)
  })

  it('leaves its files in a folder that was chosen', async () => {
    await using other = await startLocalZitadel({ keyFileFolder: folder })
    const path = await other.writeKeyFile(guide.key)
    await other.close()

    expect(path).toBe(join(folder, `${guide.key.keyId}.json`))
    expect(existsSync(path)).toBe(true)
  })
})
