import { requireAcceptable } from '../../verification/require-acceptable.js'
import type { VerifiedClaims } from '../../verification/verifier.js'
import { quote, quoteAll } from '../quote.js'
import { type Advice, type Finding, failedBy, passed, skipped, warned } from '../step.js'
import { adviseAudience } from './advise-scopes.js'
import type { KnownClaims } from './known-claims.js'
import { toDuration } from './to-duration.js'
import type { KnownContext } from './token-context.js'

const unseen = 'the token does not show it'

/** ZITADEL writes the last second of the year 9999 for never. */
const neverSeconds = 253_402_300_799

type Context = Pick<KnownContext, 'acceptance' | 'clock' | 'zitadel' | 'projectId' | 'clientId'>

/** Compares the issuer with the configured domain. */
export function checkIssuer(known: KnownClaims | undefined, { acceptance }: Context): Finding<true> {
  const name = 'token issuer'
  if (known === undefined) return skipped(name, unseen)
  const { issuer } = known.claims
  const detail = issuer === undefined ? 'none' : quote(issuer)
  const advice = { text: adviseIssuer(detail, acceptance.issuers.join(), known) }
  const ofAnyAudience = { ...acceptance, audience: undefined }
  return check(name, detail, known, advice, () => requireAcceptable(toTimeless(known.claims), ofAnyAudience, 0))
}

/** Who follows a stranger's token to its issuer sends tokens and credentials there. */
function adviseIssuer(issuer: string, expected: string, { isVerified, isUnsigned }: KnownClaims): string {
  if (isVerified) return `It is from ${issuer}: get one from ${expected}, or give its issuer as --domain.`
  const claim = `It says that it is from ${issuer}`
  if (isUnsigned) return `${claim}, and no signature of ZITADEL vouches for that: get one from ${expected}.`
  return `${claim}: get one from ${expected}, or give that as --domain, only if that is your ZITADEL.`
}

/** Compares the times of the token with the clock of this machine. */
export function checkExpiry(known: KnownClaims | undefined, { clock }: Context): Finding<true> {
  const name = 'token expiry'
  if (known === undefined) return skipped(name, unseen)
  const nowSeconds = clock.now() / 1_000
  const { expiresAtSeconds = neverSeconds } = known.claims
  const leftSeconds = expiresAtSeconds - nowSeconds
  const time = new Date(expiresAtSeconds * 1_000).toISOString()
  const detail = expiresAtSeconds >= neverSeconds ? 'never' : `in ${toDuration(leftSeconds)}, ${time}`
  const expired = `It expired ${toDuration(-leftSeconds)} ago, ${time}: the client must get a new one.`
  const advice = { text: leftSeconds > 0 ? 'Set the clock, by NTP.' : expired }
  const fromAnywhere = { ...known.claims, issuer: undefined }
  const anything = { issuers: [], audience: undefined }
  return check(name, detail, known, advice, () => requireAcceptable(fromAnywhere, anything, nowSeconds))
}

/** Looks for this API in the audience. */
export function checkAudience(known: KnownClaims | undefined, context: Context): Finding<true> {
  const name = 'token audience'
  if (known === undefined) return skipped(name, unseen)
  const { claims } = known
  const ids = quoteAll(claims.audience)
  if (context.acceptance.audience === undefined && !isNamed(claims, context)) {
    return warned(name, 'not known: give --project-id', true)
  }
  const advice = adviseAudience(context, ids === '' ? 'It is empty.' : `It is ${ids}.`)
  const fromAnywhere = { ...toTimeless(claims), issuer: undefined }
  return check(name, ids, known, advice, () => requireAcceptable(fromAnywhere, context.acceptance, 0))
}

/** ZITADEL knows all audiences of who asks, and has looked already; and its client id is one of them. */
function isNamed({ verifiedBy, audience }: VerifiedClaims, { clientId }: Context): boolean {
  return verifiedBy === 'introspection' || (clientId !== undefined && audience.includes(clientId))
}

function toTimeless(claims: VerifiedClaims): VerifiedClaims {
  return { ...claims, expiresAtSeconds: undefined, notBeforeSeconds: undefined }
}

function check(
  name: string,
  detail: string,
  { isVerified }: KnownClaims,
  advice: Advice,
  require: () => unknown,
): Finding<true> {
  try {
    require()
  } catch (error) {
    const text = isVerified ? advice.text : `by its payload, which is not verified. ${advice.text}`
    return failedBy(name, error, { advice: [{ ...advice, text }], isInferred: !isVerified })
  }
  return passed(name, isVerified ? detail : `${detail} (by its own word)`, true)
}
