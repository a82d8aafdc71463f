import type { Credentials } from './credentials.js'
import type { Delay } from './delay.js'
import type { Exchange } from './exchange.js'
import { inTime } from './in-time.js'
import { exchangeHeader } from './journal.js'
import type { Life } from './life.js'
import type { Outcome, Protocol } from './protocol.js'
import type { Servers } from './servers.js'

/** A case: what is asked, with what, by a client of which kind. */
export interface Case {
  readonly life: Life
  readonly shape: Protocol['shapes'][number]
  readonly credentials: Credentials
  readonly delay: Delay
}

/** A case that is being tried. */
export interface RunningCase extends Case {
  readonly exchange: Exchange
  /** Resolves when client and application are done with each other; undefined when they were not in time. */
  readonly outcome: Promise<Outcome | undefined>
}

/** Sends a request, and lets its client do what it does. */
export function runCase(servers: Servers, one: Case): RunningCase {
  const { life, shape, credentials, delay } = one
  const server = servers.find({
    isZitadelDown: credentials.isZitadelDown,
    allowsHalfOpen: life.allowsHalfOpen ?? false,
  })
  const { id, exchange } = servers.journal.open({ delay, goneBefore: life.goneBefore })
  const authorization = credentials.authorization(servers.tokens)
  const wire = servers.application.protocol.open({
    port: server.port,
    shape,
    headers: { ...server.headers, [exchangeHeader]: id, ...(authorization === undefined ? {} : { authorization }) },
  })
  life.behave(wire, exchange)
  const isEndless = delay.isEndless || servers.application.mayForget?.(life, shape)
  const done = Promise.all([wire.outcome, exchange.gone, isEndless ? undefined : exchange.answered])
  return { ...one, exchange, outcome: inTime(done.then(([outcome]) => outcome)) }
}
