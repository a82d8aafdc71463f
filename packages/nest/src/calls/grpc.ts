import type { AuthorizationHeader } from '@org/zitadel-auth'
import { type Call, has } from './call.js'

/** The metadata of grpc-js, which is no dependency of this package. */
export interface MetadataLike {
  /** Gives the values of a key. */
  get(key: string): readonly unknown[]
  /** Sets the value of a key. */
  set(key: string, value: string): void
}

/**
 * Reads the call of a method of gRPC.
 *
 * @throws `TypeError`: for a message of any other transport: they bring no credentials
 */
export function readGrpcCall(args: readonly unknown[]): Call {
  const metadata = findMetadata(args)
  if (metadata !== undefined) return { carrier: metadata, header: readMetadata(metadata) }
  throw new TypeError(
    'a message of this transport brings no credentials, so nobody can pass: of the microservices only gRPC is protected, and @Public() lets every message through',
  )
}

/** Nest gives a handler the message, the metadata and the call; or, where it takes the stream itself, the call alone. */
export function findMetadata([first, second]: readonly unknown[]): MetadataLike | undefined {
  if (isMetadata(second)) return second
  return has(first, 'metadata') && isMetadata(first.metadata) ? first.metadata : undefined
}

/** The contexts of other transports have no `getMap`. */
function isMetadata(value: unknown): value is MetadataLike {
  return has(value, 'getMap') && has(value, 'get') && typeof value.get === 'function' && has(value, 'set')
}

function readMetadata(metadata: MetadataLike): AuthorizationHeader {
  const values = metadata.get('authorization').map(String)
  return values.length > 1 ? values : values[0]
}
