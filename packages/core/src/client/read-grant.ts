import { requireNoneUnset } from '../internal/read-option.js'
import { createFixedKey, createKeyFile } from '../provider/key-source.js'
import { createClientCredentialsGrant, createJwtBearerGrant, type Grant } from './grant.js'
import type { TokenProvider } from './provider-options.js'
import {
  readServiceAccountKey,
  readServiceAccountKeyFile,
  type ServiceAccountKey,
  type ServiceAccountKeyJson,
} from './service-account-key.js'

/** How a service account authenticates to ZITADEL: exactly one of a key file, a key, or a client id and secret. */
export type ServiceAccountCredentials =
  | {
      /**
       * The path of the JSON key file that you download from ZITADEL for a service account. It is read again when
       * ZITADEL rejects the key.
       */
      readonly keyFile: string
      readonly key?: never
      readonly clientId?: never
      readonly clientSecret?: never
      readonly token?: never
    }
  | {
      /** The content of the key file: the object, its JSON text, or base64 of the text. */
      readonly key: ServiceAccountKeyJson | string
      readonly keyFile?: never
      readonly clientId?: never
      readonly clientSecret?: never
      readonly token?: never
    }
  | {
      /** The login name of a service account that has a client secret. */
      readonly clientId: string
      /** The client secret of that service account. */
      readonly clientSecret: string
      readonly keyFile?: never
      readonly key?: never
      readonly token?: never
    }

/** Every way by itself, without what excludes what. */
export type AnyCredentials = Readonly<
  Partial<Record<'keyFile' | 'key' | 'clientId' | 'clientSecret' | 'token', unknown>>
>

const serviceAccountKeyFile = {
  read: readServiceAccountKeyFile,
  toOwner: ({ userId }: ServiceAccountKey): string => userId,
  otherOwner: 'is of another service account: restart',
}

/** So many days before a key expires its owner is told. */
const warningDays = 14
const dayMs = 86_400_000

/**
 * Reads how a service account proves who it is.
 *
 * @throws `TypeError`: when that is missing, given in two ways, or malformed
 */
export function readGrant(
  { keyFile, key, clientId, clientSecret }: AnyCredentials,
  { address, logger, clock }: TokenProvider,
): Grant {
  if (clientId !== undefined || clientSecret !== undefined) return createClientCredentialsGrant(clientId, clientSecret)
  const source =
    keyFile === undefined
      ? createFixedKey(readServiceAccountKey(key))
      : createKeyFile(keyFile as string, { ...serviceAccountKeyFile, logger, clock })
  let warnAgainAtMs = Number.NEGATIVE_INFINITY

  /** An expired key shows in nothing but a refusal: ZITADEL does not say that it is about to. */
  function warnBeforeExpiry(): void {
    const { expiresAtMs = Number.POSITIVE_INFINITY, keyId } = source.current()
    const daysLeft = Math.floor((expiresAtMs - clock.now()) / dayMs)
    if (daysLeft >= warningDays || clock.elapsed() < warnAgainAtMs) return
    warnAgainAtMs = clock.elapsed() + dayMs
    const when = daysLeft < 0 ? 'has expired' : `expires in ${daysLeft === 1 ? 'a day' : `${daysLeft} days`}`
    logger.warn(
      `[zitadel-auth] the key ${keyId} of the service account ${when}: create a new one in the ZITADEL Console`,
    )
  }

  const grant = createJwtBearerGrant(source, { issuer: address.issuer, clock })
  return {
    ...grant,
    async toForm() {
      warnBeforeExpiry()
      return grant.toForm()
    },
  }
}

/**
 * Requires that credentials are given, in one way.
 *
 * @throws `TypeError`: when they are not
 */
export function requireOneWay(options: AnyCredentials, ways: readonly (keyof AnyCredentials)[], what: string): void {
  const { clientId, clientSecret } = options
  const others = ways.filter((name) => name !== 'clientId' && name !== 'clientSecret')
  const hasSecret = clientId !== undefined || clientSecret !== undefined
  const given = [...others.map((name) => options[name] !== undefined), hasSecret].filter(Boolean).length
  if (given === 0) requireNoneUnset(options, ways)
  if (given !== 1) throw new TypeError(`give the credentials ${what} in exactly one way: ${ways.join(', ')}`)
}
