import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApplicationKey, ZitadelAdministration } from '../src/administration.js'
import { createApi } from '../src/api.js'
import { openZitadel } from '../src/open.js'
import { createClient, type GuideProject, keepKeyFile, setUpProject } from '../src/project.js'

let zitadel: ZitadelAdministration
let guide: GuideProject
let client: Awaited<ReturnType<typeof createClient>>
let second: ApplicationKey

beforeAll(async () => {
  zitadel = await openZitadel()
  client = await createClient(zitadel)
})
afterAll(() => zitadel?.removeAll())

beforeEach(async () => {
  guide = await setUpProject(zitadel)
  second = await zitadel.createApplicationKey(guide.application)
})

describe('when the application key is replaced', () => {
  it('an API with the second key works beside one with the first', async () => {
    for (const key of [guide.key, second])
      await createApi({ domain: zitadel.domain, key }).untilGives(client.id, client.token)
  })

  it('an API whose key file has changed goes on with the new key, once the old one is removed', async () => {
    const file = keepKeyFile(guide.key)
    const api = createApi({ domain: zitadel.domain, keyFile: file.path, cache: false })
    await api.untilGives(client.id, client.token)
    file.replace(second)
    await zitadel.removeApplicationKey(guide.application, guide.key)
    const dead = createApi({ domain: zitadel.domain, key: guide.key, cache: false })
    await dead.untilGives('ERR_CONFIGURATION', client.token)

    await api.untilGives(client.id, client.token)
    expect(api.logged).toEqual([])
  })

  it('an API with the removed key answers 500, says in its log what to do, and works again when the file is replaced', async () => {
    const file = keepKeyFile(guide.key)
    const api = createApi({ domain: zitadel.domain, keyFile: file.path, cache: false })
    await api.untilGives(client.id, client.token)
    await zitadel.removeApplicationKey(guide.application, guide.key)

    await api.untilGives('ERR_CONFIGURATION', client.token)
    expect(api.logged).toEqual([expect.stringContaining('create a new key for the API application')])
    expect(api.logged.join('\n')).not.toContain(client.token)

    file.replace(second)
    await api.untilGives(client.id, client.token)
  })
})
