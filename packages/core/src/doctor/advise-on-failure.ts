import type { AuthorizationError } from '../errors/authorization-error.js'
import { isServerError } from '../provider/failure.js'
import type { SetUp } from './set-up.js'
import type { Advice } from './step.js'

const untrusted =
  'Node.js does not trust the certificate. If its authority is your own, name it to this API and to the doctor:'
const trust: Advice = { text: untrusted, paste: ['export NODE_EXTRA_CA_CERTS=/path/to/authority.pem'] }

/** By the code of what happened on the way. */
const byCode: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: { text: 'Nothing listens there: is the port right, and does ZITADEL run?' },
  ECONNRESET: { text: 'The connection was cut: look for a firewall or a proxy on the way.' },
  ETIMEDOUT: { text: 'Nobody answers: look for a firewall on the way.' },
  CERT_HAS_EXPIRED: { text: 'The certificate has expired: renew it where TLS ends.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    text: 'The certificate is for another name: is the domain right, and the certificate that of this host?',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
}

const databaseDown = 'ZITADEL, or a proxy before it, has failed by its own word: look at its log and its database.'

/** Says what to do where ZITADEL was not found. Most reasons say it by themselves. */
export function adviseOnFailure(error: AuthorizationError, { domain, internalUrl }: SetUp): readonly Advice[] {
  if (error.code === 'ERR_PROVIDER_NOT_FOUND') {
    const option = internalUrl === undefined ? '--domain' : '--internal-url'
    return [
      {
        text: `Look for a typing error in ${option}, and ask the DNS:`,
        paste: [`nslookup ${toHost(internalUrl ?? domain)}`],
      },
    ]
  }
  if (isServerError(error)) return [{ text: databaseDown }]
  const advice = byCode[error.cause?.code ?? '']
  return advice === undefined ? [] : [advice]
}

function toHost(address: string): string {
  return new URL(address.includes('://') ? address : `https://${address}`).hostname
}
