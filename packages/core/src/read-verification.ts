import { readPositive, readText, requireNoneUnset } from './internal/read-option.js'
import type { AllOptions } from './options.js'
import { readKeySet, type VerificationKey } from './provider/json-web-key.js'

/** How tokens are verified, as settings that have been read. */
export interface VerificationSettings {
  readonly verification: 'introspection' | 'jwt' | 'auto'
  /** The API's project; undefined only where ZITADEL alone decides by the credentials. */
  readonly projectId: string | undefined
  /** Of these ids a token's audience must hold one; undefined where ZITADEL alone knows them all. */
  readonly audience: readonly string[] | undefined
  readonly initialKeys: readonly VerificationKey[] | undefined
  readonly revocationCheckSeconds: number | undefined
}

/**
 * Reads how tokens are verified.
 *
 * @param options - all options
 * @param clientId - this API's client id, where it is known: one of its audiences
 * @throws `TypeError`: when an option is malformed, or does not go with the mode
 */
export function readVerification(options: AllOptions, clientId: string | undefined): VerificationSettings {
  const { verification = 'introspection' } = options
  // What pins a token to this API must not get lost.
  requireNoneUnset(options, ['projectId', 'audience'])
  if (verification === 'introspection') return readIntrospection(options, clientId)
  if (verification === 'jwt' || verification === 'auto') return readLocal(options, verification, clientId)
  throw new TypeError("verification is 'introspection', 'jwt' or 'auto'")
}

function readIntrospection(options: AllOptions, clientId: string | undefined): VerificationSettings {
  for (const name of ['audience', 'jwks', 'revocationCheckSeconds'] as const) {
    if (options[name] !== undefined) throw new TypeError(`${name} goes with verification: 'jwt' or 'auto'`)
  }
  const projectId = options.projectId === undefined ? undefined : readText(options.projectId, 'projectId')
  return {
    verification: 'introspection',
    projectId,
    audience: projectId === undefined ? undefined : toAudience(clientId, projectId),
    initialKeys: undefined,
    revocationCheckSeconds: undefined,
  }
}

function readLocal(
  options: AllOptions,
  verification: 'jwt' | 'auto',
  clientId: string | undefined,
): VerificationSettings {
  const { audience = [], jwks, revocationCheckSeconds } = options
  if (options.projectId === undefined) {
    throw new TypeError(
      `verification: '${verification}' needs the projectId: audience and roles of a JWT are pinned to it`,
    )
  }
  if (verification === 'jwt' && revocationCheckSeconds !== undefined) {
    throw new TypeError("revocationCheckSeconds goes with verification: 'auto', which can ask ZITADEL")
  }
  const projectId = readText(options.projectId, 'projectId')
  return {
    verification,
    projectId,
    audience: toAudience(clientId, projectId, ...readTexts(audience)),
    initialKeys: jwks === undefined ? undefined : readInitialKeys(jwks),
    revocationCheckSeconds:
      revocationCheckSeconds === undefined ? undefined : readPositive(revocationCheckSeconds, 'revocationCheckSeconds'),
  }
}

function readTexts(audience: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(audience) ? audience : [audience]
  return values.map((value) => readText(value, 'audience'))
}

function readInitialKeys(jwks: unknown): readonly VerificationKey[] {
  const keys = readKeySet(jwks)
  if (keys === undefined || keys.length === 0) {
    throw new TypeError('jwks is a JSON Web Key Set with at least one public key that has kid and alg')
  }
  return keys
}

function toAudience(clientId: string | undefined, ...ids: readonly string[]): readonly string[] {
  return clientId === undefined ? ids : [clientId, ...ids]
}
