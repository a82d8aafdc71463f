// What an opaque token costs that is not cached: introspections per second, and CPU for each, signatures included.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { startProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

const libraries = ['openid-client', 'ours', 'oauth4webapi', 'passport-zitadel', 'fetch-alone', 'http-alone']

export async function measureGroup({ repeats, warmUpTokens, tokens, concurrency }, setting) {
  const { seed, cores } = setting
  const zitadel = await startZitadel(setting)
  const variants = Object.fromEntries(libraries.map((library) => [library, { library, zitadel }]))
  const results = await sample({ repeats, seed }, variants, async (argument) => {
    const { ask, stop } = await startProcess('servers/introspector.mjs', argument, { core: cores.server })
    // Every token is another: whoever asks once for all requests with one token must not win by that here.
    const introspect = async (count) =>
      ask({ question: 'introspect', tokens: await zitadel.issueTokens('opaque', count), concurrency })
    await introspect(warmUpTokens)
    const measured = await introspect(tokens)
    await stop()
    return measured
  })
  await zitadel.stop()
  return toFigures(results)
}

const units = { throughput: 'req/s', 'user-cpu': 'µs', 'system-cpu': 'µs', cpu: 'µs' }

function toFigures(results) {
  const figures = {}
  for (const library of libraries) {
    for (const [measure, unit] of Object.entries(units)) {
      figures[`introspection.${library}.${measure}`] = toFigure(
        unit,
        results[library].map((round) => round[measure]),
      )
    }
    if (library === 'openid-client') continue
    for (const measure of ['throughput', 'cpu']) {
      figures[`introspection.${library}.${measure}-ratio`] = toRatio(
        figures[`introspection.${library}.${measure}`],
        figures[`introspection.openid-client.${measure}`],
      )
    }
  }
  return figures
}
