import { generateKeyPairSync, sign } from 'node:crypto'
import { commonClaims, toRoles } from './in-process-zitadel.mjs'

const projectId = '278000000000000002'

/**
 * Makes JWTs with 2 KiB of claims, 50 roles among them. They are signed with ES256, with which a hundred thousand take seconds; what
 * is remembered of them does not depend on it.
 */
export function createSigner() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'ES256', use: 'sig' }
  const header = encode({ alg: 'ES256', kid: 'key-1', typ: 'JWT' })
  const roles = { [`urn:zitadel:iam:org:project:${projectId}:roles`]: toRoles(50, '278000000000000005', 'a.eu') }

  function createJwt(number) {
    const content = `${header}.${encode({ ...commonClaims(), jti: `V2_${number}`, ...roles })}`
    const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${content}.${signature.toString('base64url')}`
  }

  return {
    jwks: { keys: [jwk] },
    projectId,
    *createJwts(count) {
      for (let number = 0; number < count; number += 1) yield createJwt(number)
    },
  }
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
