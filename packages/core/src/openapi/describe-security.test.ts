import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { outcomeOf } from '../../test/expected-errors.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { describeSecurity, type SecurityOptions } from './describe-security.js'

const domain = 'my-domain.zitadel.cloud'

describe('describeSecurity', () => {
  it('names where ZITADEL describes itself', () =>
    expect(describeSecurity({ domain }).scheme).toEqual({
      type: 'openIdConnect',
      openIdConnectUrl: 'https://my-domain.zitadel.cloud/.well-known/openid-configuration',
      description: 'An access token of ZITADEL, sent as a bearer token',
    }))

  for (const refusalFormat of ['text', 'problem-json'] as const) {
    it(`gives as examples what is answered, in ${refusalFormat}`, async () => {
      const zitadel = await startLocalZitadel()
      onTestFinished(() => zitadel.close())
      const { key, token } = setUpGuide(zitadel)
      const auth = createZitadelAuth({
        domain: zitadel.issuer,
        key,
        refusalFormat,
        logger: { warn: () => {}, error: () => {} },
      })
      const answer = async (header: string, requirement: true | { role: string } = true) =>
        auth.refusal(await outcomeOf(() => auth.authenticate(header, requirement)))
      const answers = [
        await answer('Bearer a b'),
        await answer('Bearer unknown'),
        await answer(`Bearer ${token}`, { role: 'admin' }),
      ]
      zitadel.fail('introspection', { status: 500 })
      answers.push(await answer('Bearer another'))
      const { responses } = describeSecurity({ domain, refusalFormat })

      for (const given of answers) {
        const [[type = '', { example } = { example: '' }] = []] = Object.entries(
          responses[String(given?.status) as '401'].content,
        )
        expect(given?.headers['Content-Type']).toContain(type)
        expect(typeof example === 'string' ? example : JSON.stringify(example)).toBe(given?.body)
      }
      expect(answers.map((given) => given?.status)).toEqual([400, 401, 403, 503])
    })
  }

  for (const options of [{}, { domain: '' }, { domain, format: 'text' }, { domain, refusalFormat: 'html' }]) {
    it(`does not take ${JSON.stringify(options)}`, () =>
      expect(() => describeSecurity(options as SecurityOptions)).toThrow(TypeError))
  }
})
