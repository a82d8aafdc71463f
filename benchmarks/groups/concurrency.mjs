// How often ZITADEL is asked when many requests arrive at once, and how long they take.
import { createZitadelAuth } from '@org/zitadel-auth'
import { concurrently } from '../lib/concurrently.mjs'
import { toFigure } from '../lib/figures.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

const requests = 10_000
const tokens = 1_000
const requestsPerToken = 100

/** No more tokens than that may be on their way to ZITADEL, or the rest is refused with 503. */
const inFlight = 500

export async function measureGroup({ rounds, scale }) {
  const zitadel = await startZitadel()
  const results = { 'one-token': [], 'many-tokens': [] }
  for (let round = 0; round < rounds; round += 1) {
    const [token] = await zitadel.issueTokens('opaque', 1)
    results['one-token'].push(await measure(zitadel, (auth) => askAtOnce(auth, token, requests * scale)))
    const headers = shuffleInto(await zitadel.issueTokens('opaque', tokens * scale))
    results['many-tokens'].push(await measure(zitadel, (auth) => askInTurn(auth, headers)))
  }
  zitadel.stop()
  return toFigures(results, scale)
}

async function measure(zitadel, work) {
  const auth = createZitadelAuth({ domain: zitadel.issuer, key: zitadel.key })
  await zitadel.takeIntrospections()
  const started = performance.now()
  await work(auth)
  return { time: performance.now() - started, calls: await zitadel.takeIntrospections() }
}

function askAtOnce(auth, token, count) {
  return Promise.all(Array.from({ length: count }, () => auth.authenticate(`Bearer ${token}`)))
}

function askInTurn(auth, headers) {
  return concurrently(headers, inFlight, (header) => auth.authenticate(header))
}

/** Every token a hundred times, in an order in which new and known ones mix. */
function shuffleInto(list) {
  const stride = 7_919
  const all = list.length * requestsPerToken
  return Array.from({ length: all }, (_, i) => `Bearer ${list[((i * stride) % all) % list.length]}`)
}

function toFigures(results, scale) {
  const figures = {}
  for (const [name, rounds] of Object.entries(results)) {
    const calls = rounds.map((round) => round.calls)
    const times = rounds.map((round) => round.time)
    figures[`concurrency.${name}.upstream-calls`] = { ...toFigure('calls', calls), scale }
    figures[`concurrency.${name}.wall-time`] = { ...toFigure('ms', times), scale }
  }
  return figures
}
