import { isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { createSingleFlight } from '../internal/single-flight.js'
import { Circuit } from '../provider/circuit.js'
import type { IssuedToken } from './issued-token.js'
import type { TokenRequest } from './token-request.js'
import { toUsableMs } from './usable.js'

/** A token that is renewed before it expires. */
export interface RenewedToken {
  /** Gives a good token: the one at hand, or, where there is none, a new one. */
  get(): Promise<string>
  /** Says that a server has refused a token: gives another one, or undefined where it was new and another would be no better. */
  replace(refused: string): Promise<string | undefined>
  /** Lets go of the token. */
  drop(): void
}

interface HeldToken {
  readonly token: string
  readonly renewAtMs: number
  readonly expiresAtMs: number
  readonly receivedAtMs: number
}

/** A token that is used is renewed when this part of its life is over, while the old one still serves. */
const renewAfter = 0.8

/** Between two tries to renew a token that still serves. */
const renewalPauseMs = 10_000

/** A server that refuses a token that is newer than this would refuse the next one too. */
const tooNewToReplaceMs = 10_000

const failuresToOpen = 5

/** What {@link createRenewedToken} takes. */
export interface RenewedTokenOptions {
  readonly request: TokenRequest
  readonly clock: Clock
  /** For how long a request that many wait for may take. */
  readonly maxFlightMs: number
  /** Hears why a token could not be renewed that still serves. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Makes a {@link RenewedToken}. However many ask at once, ZITADEL is asked once. A token that is used is renewed in the background
 * from four fifths of its life on; while ZITADEL is down it serves to its end.
 */
export function createRenewedToken({ request, clock, maxFlightMs, onFailure }: RenewedTokenOptions): RenewedToken {
  const flights = createSingleFlight<IssuedToken>({ clock, maxFlightMs })
  const circuit = new Circuit({ clock, failuresToOpen, maxProbeMs: maxFlightMs })
  let held: HeldToken | undefined
  let failures = 0
  let renewNotBeforeMs = Number.NEGATIVE_INFINITY
  let isDropped = false

  async function ask(): Promise<IssuedToken> {
    circuit.requirePassable()
    circuit.pass()
    const askedAtMs = clock.elapsed()
    try {
      const issued = await request()
      circuit.succeed()
      failures = 0
      if (!isDropped) held = hold(issued, askedAtMs)
      return issued
    } catch (error) {
      failures += 1
      if (isAuthorizationError(error)) circuit.fail(error, String(failures))
      throw error
    }
  }

  async function fetchToken(): Promise<string> {
    const { token } = await flights.run('', ask)
    return token
  }

  function renewSoon(): void {
    if (flights.find('') !== undefined || clock.elapsed() < renewNotBeforeMs) return
    renewNotBeforeMs = clock.elapsed() + renewalPauseMs
    fetchToken().catch(onFailure)
  }

  return {
    async get() {
      const nowMs = clock.elapsed()
      if (held === undefined || nowMs >= held.expiresAtMs) return fetchToken()
      const { token, renewAtMs } = held
      if (nowMs >= renewAtMs) renewSoon()
      return token
    },
    async replace(refused) {
      if (held !== undefined && held.token !== refused) return held.token
      if (held !== undefined && clock.elapsed() - held.receivedAtMs < tooNewToReplaceMs) return undefined
      return fetchToken()
    },
    drop() {
      isDropped = true
      held = undefined
    },
  }
}

function hold({ token, lifetimeSeconds }: IssuedToken, askedAtMs: number): HeldToken {
  const lifetimeMs = lifetimeSeconds * 1_000
  return {
    token,
    receivedAtMs: askedAtMs,
    renewAtMs: askedAtMs + lifetimeMs * renewAfter,
    expiresAtMs: askedAtMs + toUsableMs(lifetimeSeconds),
  }
}
