import { type Answer, json } from '../http/answer.js'
import type { Instance } from '../instance/instance.js'
import type { SigningKey } from '../tokens/signing-keys.js'

/** Publishes all existing web keys, those that sign no more and the next one among them. ZITADEL lets this answer be cached, alone of all. */
export function publishKeys(instance: Instance): Answer {
  return json(
    { keys: instance.signingKeys.published().map(toJwk) },
    { 'cache-control': 'max-age=300, must-revalidate' },
  )
}

function toJwk({ keyId, algorithm, publicKey }: SigningKey): object {
  return { use: 'sig', ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: algorithm }
}
