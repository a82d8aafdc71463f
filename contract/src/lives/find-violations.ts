import type { Application } from './application.js'
import { atOnce, type Delay } from './delay.js'
import { inTime } from './in-time.js'
import type { Outcome, RequestShape } from './protocol.js'
import { type Case, runCase } from './run-case.js'
import type { Servers } from './servers.js'
import type { Uncaught } from './uncaught.js'

/**
 * Tries every life of a client on an application, with every kind of request and for every reason to refuse it, and
 * tells what happened that must not happen.
 */
export async function findViolations(servers: Servers, delay: Delay, uncaught: Uncaught): Promise<readonly string[]> {
  const { protocol, refuses } = servers.application
  const cases = listCases(servers, delay)
  // ZITADEL's answer is held back until those are gone who do not wait for the verdict.
  const hold = servers.world.zitadel.hold('introspection')
  const running = cases.map((one) => runCase(servers, one))
  const early = running.filter(({ life }) => life.isGoneBeforeVerdict)
  await Promise.all(early.map(({ exchange }) => inTime(exchange.gone)))
  hold.release()
  // Who is forgotten has a verdict all the same. Those who come last get theirs last.
  const last = { life: protocol.lives[0], shape: protocol.shapes[0] as RequestShape, delay: atOnce }
  await Promise.all(running.map(({ outcome }) => outcome))
  await Promise.all(refuses.map((credentials) => runCase(servers, { ...last, credentials }).outcome))
  const judged = await Promise.all(running.map(async (one) => judge(servers.application, one, await one.outcome)))

  const isDeserted = await inTime(servers.untilDeserted().then(() => true))
  await pass(5)
  return [
    ...judged.flat(),
    ...running
      .filter(({ exchange }) => exchange.ran.length > 0)
      .map(({ exchange, ...one }) => `${describe(one)}: ${exchange.ran.join(', ')} ran`),
    ...(isDeserted ? [] : ['a connection is left open']),
    ...uncaught.take(),
  ]
}

function listCases({ application: { protocol, refuses } }: Servers, delay: Delay): readonly Case[] {
  return protocol.lives
    .filter(({ isAnswered }) => !(isAnswered && delay.isEndless))
    .flatMap((life) =>
      protocol.shapes.flatMap((shape) => refuses.map((credentials) => ({ life, shape, credentials, delay }))),
    )
}

function judge({ protocol, failsToAnswer }: Application, one: Case, outcome: Outcome | undefined): readonly string[] {
  if (outcome === undefined) return [`${describe(one)}: it does not come to an end`]
  const { status, isWhole } = outcome
  const expected = protocol.toStatus(one.credentials.status)
  const allowed = [expected, ...(one.life.isAnswered ? [] : [undefined]), ...(failsToAnswer ? [undefined, 500] : [])]
  if (!allowed.includes(status)) return [`${describe(one)}: ${status} instead of ${expected}`]
  return one.life.isAnswered && !failsToAnswer && !isWhole ? [`${describe(one)}: half of an answer`] : []
}

function describe({ life, shape, credentials, delay }: Case): string {
  return `${shape.name} with ${credentials.name}, finished ${delay.name}, by a client that ${life.name}`
}

/** Lets what is due run, some turns of the event loop long. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
