import { createPublicKey } from 'node:crypto'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { answerQuestions } from '../lib/processes.mjs'

const zitadel = await startLocalZitadel()
const { project, key, user } = setUpGuide(zitadel)
zitadel.createRole(project, 'admin')
zitadel.grantRole(user, { project, role: 'admin' })

const audience = [project.id]
const scopes = [
  'openid',
  'profile',
  `urn:zitadel:iam:org:project:id:${project.id}:aud`,
  'urn:zitadel:iam:org:projects:roles',
]
const issue = (type) => zitadel.issueAccessToken(user, { type, audience, scopes })
const jwks = await (await fetch(`${zitadel.issuer}/oauth/v2/keys`)).json()
const publicKey = createPublicKey({ key: jwks.keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' })

answerQuestions(
  { issuer: zitadel.issuer, key, projectId: project.id, jwks, publicKey },
  {
    issueTokens: ({ type, count }) => Array.from({ length: count }, () => issue(type)),
    takeIntrospections() {
      const { introspection } = zitadel.requests
      zitadel.resetRequests()
      return introspection
    },
  },
)
