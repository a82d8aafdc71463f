import { expect, it } from 'vitest'
import { type Guide, issueJwt, startGuide } from '../zitadel.js'
import { startWorker } from './start-worker.js'

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

/** What a stranger may make of a good token. */
const forgeries: Readonly<Record<string, (good: string, another: string) => string>> = {
  'without a signature': (good) => good.slice(0, good.lastIndexOf('.') + 1),
  'with half a signature': (good) => good.slice(0, good.lastIndexOf('.') + 45),
  'with a signature of one byte': (good) => `${good.slice(0, good.lastIndexOf('.'))}.AA`,
  'with a signature that is too long': (good) => `${good}AAAA`,
  'with a signature of zeros': (good) => good.replace(/[^.]+$/, (signature) => 'A'.repeat(signature.length)),
  'with the signature of another': (good, another) =>
    good.replace(/[^.]+$/, another.slice(another.lastIndexOf('.') + 1)),
}

const startJwtWorker = ({ zitadel, project }: Guide) =>
  startWorker({ domain: zitadel.issuer, projectId: project.id, verification: 'jwt' })

for (const algorithm of algorithms) {
  it(`verifies ${algorithm}, and refuses whatever is not signed so`, async () => {
    const guide = await startGuide()
    guide.zitadel.rotateKeys({ algorithm })
    const { status } = await startJwtWorker(guide)
    const [good, another] = [issueJwt(guide), issueJwt(guide)]
    expect(await status(good)).toBe(200)
    const answers = Object.entries(forgeries).map(async ([what, forge]) => [what, await status(forge(good, another))])
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(
      Object.fromEntries(Object.keys(forgeries).map((what) => [what, 401])),
    )
    expect(guide.zitadel.requests.keys).toBe(1)
  })
}

it('finds the key of a rotation, and lets go of one that is deleted', async () => {
  const guide = await startGuide()
  const { zitadel } = guide
  const old = issueJwt(guide)
  const { status } = await startJwtWorker(guide)
  expect(await status(old)).toBe(200)
  const [oldKey] = zitadel.listKeys()
  zitadel.rotateKeys({ algorithm: 'ES256' })
  zitadel.deleteKey(oldKey?.keyId ?? '')
  expect(await status(issueJwt(guide))).toBe(200)
  expect(await status(old)).toBe(401)
})
