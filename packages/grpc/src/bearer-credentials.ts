import {
  type CallCredentials,
  type ChannelCredentials,
  credentials,
  InterceptingCall,
  type Interceptor,
  Metadata,
} from '@grpc/grpc-js'

/**
 * A token, or what returns the current one: a function, or a token source of `@org/zitadel-auth/client`. It is called
 * for every call, and for every retry of one.
 */
export type CallToken = string | (() => string | Promise<string>) | CallTokenSource

/** What returns tokens, such as a token source of `@org/zitadel-auth/client`. */
export interface CallTokenSource {
  /** Returns the current token. */
  token(): string | Promise<string>
}

/**
 * Creates the credentials of a client that sends a token with every call, over TLS.
 *
 * @param token - the token, or where to get it
 * @param channel - the credentials of the connection. Default: TLS with the certificate authorities of Node.js
 * @throws `TypeError`: when the token is malformed, or the connection has no TLS. Credentials on a single call, rather
 * than on the channel, would be sent in clear text without an error
 *
 * @example
 * ```ts
 * import { Client } from '@grpc/grpc-js'
 * import { createTokenSource } from '@org/zitadel-auth/client'
 * import { createBearerCredentials } from '@org/zitadel-auth-grpc'
 *
 * const tokens = createTokenSource({ domain: 'my-domain.zitadel.cloud', keyFile: './service-account.json' })
 *
 * // a generated client takes the same
 * const client = new Client('tasks.example.com:443', createBearerCredentials(tokens))
 * ```
 */
export function createBearerCredentials(
  token: CallToken,
  channel: ChannelCredentials = credentials.createSsl(),
): ChannelCredentials {
  const bearer = createCallCredentials(token)
  try {
    return channel.compose(bearer)
  } catch (cause) {
    throw new TypeError(
      'a token over a connection without TLS can be read by everybody on its way: use createInsecureBearerInterceptor if that is what you want',
      { cause },
    )
  }
}

/**
 * Creates a client interceptor that sends a token with every call, in clear text if the connection has no TLS. For
 * development, and for networks that encrypt on their own.
 *
 * @param token - the token, or where to get it
 * @throws `TypeError`: when the token is malformed
 *
 * @example
 * ```ts
 * import { Client, credentials } from '@grpc/grpc-js'
 * import { createInsecureBearerInterceptor } from '@org/zitadel-auth-grpc'
 *
 * const client = new Client('localhost:50051', credentials.createInsecure(), {
 *   interceptors: [createInsecureBearerInterceptor(token)],
 * })
 * ```
 */
export function createInsecureBearerInterceptor(token: CallToken): Interceptor {
  const bearer = createCallCredentials(token)
  return (options, nextCall) =>
    new InterceptingCall(nextCall({ ...options, credentials: options.credentials?.compose(bearer) ?? bearer }))
}

function createCallCredentials(token: CallToken): CallCredentials {
  const read = toReader(token)
  const generate = async (): Promise<Metadata> => toMetadata(await read())
  return credentials.createFromMetadataGenerator((_options, callback) => {
    generate().then(
      (metadata) => callback(null, metadata),
      (error: unknown) => callback(toError(error)),
    )
  })
}

function toReader(token: CallToken): () => string | Promise<string> {
  if (typeof token === 'function') return token
  if (typeof token === 'object' && typeof token?.token === 'function') return () => token.token()
  toMetadata(token)
  return () => token as string
}

/** A promise can reject with anything, and grpc-js reads the members of what it gets: of `undefined`, where nobody catches. */
function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('the source of the bearer token failed', { cause })
}

/** Metadata itself would refuse such a token too, and repeat it in its error. */
function toMetadata(token: unknown): Metadata {
  if (typeof token !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
    throw new TypeError('the bearer token is not a text of the characters a token can have')
  }
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  return metadata
}
