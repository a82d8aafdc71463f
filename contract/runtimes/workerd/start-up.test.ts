import { expect, it } from 'vitest'
import { startGuide } from '../zitadel.js'
import { bundleWorker } from './bundle.js'
import { startWorker } from './start-worker.js'

const domain = 'zitadel.example'
const secret = { clientId: 'api', clientSecret: 'words' }

it('takes the files for workers, by a condition that bundlers know', async () => {
  const { files } = await bundleWorker()
  const own = files.filter((file) => file.includes('packages/'))
  expect(own).toContain('packages/core/dist/worker/index.js')
  expect(own.filter((file) => !file.startsWith('packages/core/dist/worker/'))).toEqual([])
})

it('starts at module scope, where workers may neither ask anybody nor wait, and asks nobody', async () => {
  const { zitadel, key } = await startGuide()
  await startWorker({ domain: zitadel.issuer, key, verification: 'auto', projectId: '1' })
  expect(zitadel.requests).toMatchObject({ discovery: 0, keys: 0, introspection: 0 })
})

for (const date of ['2024-11-11', '2025-09-01']) {
  it(`works with the compatibility date ${date} and nodejs_compat`, async () => {
    const { zitadel, key, token } = await startGuide()
    const { status } = await startWorker({ domain: zitadel.issuer, key }, { date, flags: ['nodejs_compat'] })
    expect(await status(token)).toBe(200)
  })
}

for (const [what, options, words] of [
  ['a key file', { domain, keyFile: './api.json' }, 'there are no files here, so give the content as key'],
  ['an agent that is none', { domain, ...secret, agent: {} }, 'agent is an Agent of node:http or node:https'],
  ['an option that there is not', { domain, ...secret, agnet: {} }, 'unknown option'],
] as const) {
  it(`does not start with ${what}, and says why`, async () => {
    await expect(startWorker(options)).rejects.toThrow(new RegExp(`Uncaught TypeError: .*${words}`))
  })
}
