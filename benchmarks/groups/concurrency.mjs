// How often ZITADEL is asked when many requests arrive at once, and how long they take.
import { toFigure } from '../lib/figures.mjs'
import { startProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

/** No more different tokens than 500 may be on their way to ZITADEL, or the rest is refused with 503. */
const bursts = {
  'one-token': (scale) => ({ count: 1, perToken: 10_000 * scale, concurrency: 10_000 * scale }),
  'many-tokens': (scale) => ({ count: 1_000 * scale, perToken: 100, concurrency: 500 }),
}

export async function measureGroup({ repeats, scale }, setting) {
  const { seed, cores } = setting
  const zitadel = await startZitadel(setting)
  const results = await sample({ repeats, seed }, bursts, async (toBurst) => {
    const { count, ...burst } = toBurst(scale)
    const tokens = await zitadel.issueTokens('opaque', count)
    const { ask, stop } = await startProcess('servers/many-requests.mjs', zitadel, { core: cores.server })
    await zitadel.takeIntrospections()
    const time = await ask({ question: 'request', tokens, ...burst })
    await stop()
    return { time, calls: await zitadel.takeIntrospections() }
  })
  await zitadel.stop()
  return toFigures(results, scale)
}

function toFigures(results, scale) {
  const figures = {}
  for (const [name, rounds] of Object.entries(results)) {
    const calls = rounds.map((round) => round.calls)
    const times = rounds.map((round) => round.time)
    figures[`concurrency.${name}.upstream-calls`] = { ...toFigure('requests', calls), scale }
    figures[`concurrency.${name}.wall-time`] = { ...toFigure('ms', times), scale }
  }
  return figures
}
