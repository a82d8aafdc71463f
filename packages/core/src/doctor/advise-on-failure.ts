import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { isServerError } from '../provider/failure.js'
import type { ProviderAddress } from '../provider/issuer.js'
import type { SetUp } from './set-up.js'
import type { Advice } from './step.js'

type Address = Pick<SetUp, 'domain' | 'internalUrl'>

const untrusted =
  'Node.js does not trust the certificate. If its authority is your own, name it to this API and to the doctor:'
const trust: Advice = { text: untrusted, paste: ['export NODE_EXTRA_CA_CERTS=/path/to/authority.pem'] }
const silence: Advice = { text: 'Nobody answers: look for a firewall on the way, or a wrong port.' }

/** By the code of what happened on the way. */
const byCode: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: { text: 'Nothing listens there: is the port right, and does ZITADEL run?' },
  ECONNRESET: { text: 'The connection was cut: look for a firewall or a proxy on the way.' },
  ETIMEDOUT: silence,
  EPROTO: {
    text: 'The TLS handshake failed: is that the port at which TLS ends, does it speak TLS 1.2 or 1.3, and does it want a client certificate?',
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    text: 'It wants a client certificate, which the doctor has not: run it where none is wanted. An API gives one by its option agent.',
  },
  CERT_HAS_EXPIRED: { text: 'The certificate has expired: renew it where TLS ends.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    text: 'The certificate is for another name: is the domain right, and the certificate that of this host?',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
}

/** What Node.js says of an answer that is no HTTP. */
const noHttp = /^HPE_/

const redirect = 'Something on the way leads elsewhere, as a login page does: let it pass this path to ZITADEL.'

/** By what is no answer of ZITADEL's own. */
const byStatus: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['301', '302', '303', '307', '308'].map((status) => [status, redirect])),
  403: 'That is not ZITADEL but a proxy or a firewall before it: let it pass this path.',
  404: 'A proxy before ZITADEL does not pass this path, or the address leads to something else.',
  429: 'Too many questions: wait, and look for who else asks from this address. ZITADEL Cloud allows 50 a second.',
}

const databaseDown = 'ZITADEL, or a proxy before it, has failed by its own word: look at its log and its database.'

/** Says what to do where ZITADEL did not answer, or something else did. Most reasons say it by themselves. */
export function adviseOnFailure(error: AuthorizationError, address: Address): readonly Advice[] {
  if (error.code === 'ERR_PROVIDER_NOT_FOUND') return [adviseOnName(address)]
  if (isServerError(error)) return [{ text: databaseDown }]
  return [findAdvice(error), adviseHttps(error, address)].filter((advice) => advice !== undefined)
}

/** Says the same of whatever was thrown where a ZITADEL that was found is asked more. */
export function adviseOnAnswer(error: unknown, { issuer, origin }: ProviderAddress): readonly Advice[] {
  const internalUrl = origin === issuer ? undefined : origin
  return isAuthorizationError(error) ? adviseOnFailure(error, { domain: issuer, internalUrl }) : []
}

function findAdvice(error: AuthorizationError): Advice | undefined {
  const code = error.cause?.code ?? ''
  if (noHttp.test(code)) return { text: 'What answers there does not speak HTTP: is the port right?' }
  if (error.reason.endsWith('did not answer in time')) return silence
  const text = byStatus[readStatus(error)]
  return text === undefined ? byCode[code] : { text }
}

function readStatus({ reason }: AuthorizationError): string {
  return /\bstatus (\d{3})\b/.exec(reason)?.[1] ?? ''
}

function adviseOnName(address: Address): Advice {
  const { option, url } = toAsked(address)
  return { text: `Look for a typing error in ${option}, and ask the DNS:`, paste: [`nslookup ${url.hostname}`] }
}

/** A server that speaks TLS cuts a connection that does not, answers with bytes of TLS, or says 400. */
function adviseHttps(error: AuthorizationError, address: Address): Advice | undefined {
  const code = error.cause?.code ?? ''
  if (code !== 'ECONNRESET' && !noHttp.test(code) && readStatus(error) !== '400') return undefined
  const { option, url } = toAsked(address)
  return url.protocol === 'http:' ? { text: `If that port speaks TLS, give ${option} https://${url.host}` } : undefined
}

function toAsked({ domain, internalUrl }: Address): { readonly option: string; readonly url: URL } {
  const given = internalUrl ?? domain
  const url = new URL(given.includes('://') ? given : `https://${given}`)
  return { option: internalUrl === undefined ? '--domain' : '--internal-url', url }
}
