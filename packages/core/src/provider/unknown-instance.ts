import { AuthorizationError } from '../errors/authorization-error.js'
import { instanceHostHeader } from './internal-address.js'
import type { TransportAnswer, TransportRequest } from './transport/transport.js'

/** ZITADEL says it in 200 bytes, of which the name that was asked for is the longest part. */
const maxBytes = 2_048

/** A host name, and nothing else: the rest of the answer is somebody else's text. */
const refusal = /\(ExternalDomain is ([\w.-]{1,253})\).*Instance not found/

/**
 * Reads from an answer with status 404 by which name ZITADEL calls itself: it says so to whoever asks by a name that none of
 * its instances has, the commonest mistake of those who host it themselves.
 *
 * @param answer - of type text/plain; its body is read
 * @returns undefined when the answer says something else, or does not read
 */
export async function readExternalDomain({ readText }: TransportAnswer): Promise<string | undefined> {
  try {
    return refusal.exec(await readText(maxBytes))?.[1]
  } catch {
    // Too long, no text, or cut off: somebody else's answer.
  }
  return undefined
}

/**
 * Makes the failure of a ZITADEL that was asked by a name that it does not know.
 *
 * @param asked - where it was asked, and by what name
 * @param externalDomain - what it calls itself
 */
export function createUnknownInstance(
  { url, headers }: Pick<TransportRequest, 'url' | 'headers'>,
  externalDomain: string,
): AuthorizationError {
  const name = headers[instanceHostHeader] ?? url.host
  return new AuthorizationError(
    'ERR_CONFIGURATION',
    `ZITADEL knows no instance by the name ${name}, and calls itself ${externalDomain} (asked at ${url.origin}): set domain to the name that is in its tokens, and internalUrl to where else this process reaches it`,
  )
}
