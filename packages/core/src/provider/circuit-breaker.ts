import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { Circuit, type CircuitState } from './circuit.js'

/** Runs a request about a token, or refuses to. */
export type CircuitBreaker = <Result>(token: string, request: () => Promise<Result>) => Promise<Result>

/** So many tokens without an answer between them are an outage, and so many failures of one token a reason to leave it alone. */
const failuresToOpen = 5

/** Tokens that have failed lately. */
const maxTokens = 1_000

/** What {@link createCircuitBreaker} takes. */
export interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'elapsed'>
  /** For how long a request is waited for that is sent to see whether an outage is over. */
  readonly maxProbeMs: number
  /** Tells which errors are failures of ZITADEL. What else is wrong, with a token or with an answer about it, is an answer. */
  readonly isFailure: (error: AuthorizationError) => boolean
  /** Tells for how long ZITADEL asked to be left alone by everybody, in milliseconds; undefined when it did not. */
  readonly toAskedMs: (error: AuthorizationError) => number | undefined
  /** Hears of every change of state of the circuit for all tokens. */
  readonly onChange: (state: CircuitState) => void
}

/**
 * Makes a circuit breaker with a circuit for all tokens, which the failures of five different tokens in a row open, and one for
 * each token that fails: whoever has a token that ZITADEL, or a firewall before it, can't bear keeps nobody else out.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, maxProbeMs, isFailure, toAskedMs, onChange } = options
  const all = new Circuit({ clock, failuresToOpen, maxProbeMs, onChange })
  const failing = new BoundedMap<FailingToken>({ maxEntries: maxTokens })

  function fail(token: string, error: AuthorizationError): void {
    const own = failing.get(token) ?? { circuit: new Circuit({ clock, failuresToOpen, maxProbeMs }), failures: 0 }
    own.failures += 1
    failing.set(token, own)
    const { retryAfterSeconds } = error
    own.circuit.fail(error, String(own.failures), retryAfterSeconds && retryAfterSeconds * 1_000)
    all.fail(error, token, toAskedMs(error))
  }

  return async (token, request) => {
    const own = failing.get(token)?.circuit
    // Both are asked before one of them takes the request for its probe: it would wait for one that is never sent.
    own?.requirePassable()
    all.requirePassable()
    own?.pass()
    all.pass()
    try {
      const result = await request()
      failing.delete(token)
      all.succeed()
      return result
    } catch (error) {
      if (isAuthorizationError(error) && !error.expose && isFailure(error)) fail(token, error)
      else {
        failing.delete(token)
        all.succeed()
      }
      throw error
    }
  }
}

interface FailingToken {
  readonly circuit: Circuit
  failures: number
}
