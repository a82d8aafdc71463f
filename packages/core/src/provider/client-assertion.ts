import type { Clock } from '../internal/clock.js'
import type { ApplicationKey } from './application-key.js'
import type { ClientAuthentication, ClientAuthenticator } from './client-authentication.js'
import type { KeySource } from './key-source.js'
import { backdateSeconds, lifetimeSeconds, signAssertion } from './sign-assertion.js'

/** An RSA signature costs more than a request, and ZITADEL keeps no list of used assertions. */
const reuseSeconds = 5 * 60

/** From here on the clocks are why ZITADEL refuses: it allows one second, and its `Date` leaves out as much. */
const maxAheadSeconds = backdateSeconds + 2
/** By then an assertion has expired when it is signed; its way takes a few seconds. */
const maxBehindSeconds = lifetimeSeconds - backdateSeconds - 10

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

interface Signed {
  readonly keyId: string
  readonly parameters: Promise<Readonly<Record<string, string>>>
  readonly signedAtMs: number
}

/**
 * Authenticates by a signed assertion (`private_key_jwt`), which serves for five minutes. When ZITADEL refuses one, the source
 * is asked once whether it has another key.
 *
 * @param source - the application key
 * @param options - `issuer`: the audience, which ZITADEL wants bare; `clock`: the time
 * @see [RFC 7523 section 2.2](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2)
 */
export function createAssertionAuthenticator(
  source: KeySource<ApplicationKey>,
  { issuer, clock }: { readonly issuer: string; readonly clock: Clock },
): ClientAuthenticator {
  let current: Signed | undefined
  let refused: Readonly<Record<string, string>> | undefined

  function findReusable(): Signed | undefined {
    const ageMs = current?.keyId === source.current().keyId ? clock.elapsed() - current.signedAtMs : Number.NaN
    return ageMs < reuseSeconds * 1_000 ? current : undefined
  }

  function sign(): Signed {
    const key = source.current()
    const parameters = signParameters(key, issuer, clock.now())
    current = { keyId: key.keyId, parameters, signedAtMs: clock.elapsed() }
    return current
  }

  async function toAuthentication({ keyId, parameters }: Signed, reused: boolean): Promise<ClientAuthentication> {
    return { headers: {}, parameters: await parameters, reused, keyId }
  }

  return {
    clientId: source.current().clientId,
    toSecret: () => source.current().privateKey,
    async authenticate() {
      const reusable = findReusable()
      const authentication = await toAuthentication(reusable ?? sign(), reusable !== undefined)
      if (authentication.parameters !== refused) return authentication
      // Another caller that met the same refusal may have signed meanwhile.
      return toAuthentication(current === undefined || current === reusable ? sign() : current, false)
    },
    renew({ parameters, reused, keyId }) {
      if (parameters !== refused) source.refresh()
      refused = parameters
      return reused || keyId !== source.current().keyId
    },
    explainRefusal,
  }
}

function explainRefusal(clockAheadSeconds: number): string {
  const isAhead = clockAheadSeconds > maxAheadSeconds
  if (isAhead || clockAheadSeconds < -maxBehindSeconds) {
    const seconds = Math.round(Math.abs(clockAheadSeconds))
    return `The clock of this machine is ${seconds} s ${isAhead ? 'ahead of' : 'behind'} that of ZITADEL, which believes no assertion of another time: set the clock`
  }
  return (
    'The application key may be expired, deleted or of another instance, or the application, its project or its' +
    ' organization deactivated: create a new key for the API application in the ZITADEL Console'
  )
}

async function signParameters(key: ApplicationKey, audience: string, nowMs: number): Promise<Record<string, string>> {
  const assertion = await signAssertion(key, { subject: key.clientId, audience, nowMs })
  return { client_assertion_type: assertionType, client_assertion: assertion }
}
