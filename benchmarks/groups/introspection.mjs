// What a token costs that nobody remembers: questions to ZITADEL per second, and CPU for each, signatures included.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { startProcess } from '../lib/processes.mjs'
import { measureInRounds } from '../lib/rounds.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

const libraries = ['ours', 'openid-client', 'oauth4webapi', 'passport-zitadel', 'fetch-alone', 'http-alone']

export async function measureGroup({ rounds, warmUpRounds, questions, concurrency }) {
  const zitadel = await startZitadel()
  const start = async (library) => [library, await startProcess('servers/introspector.mjs', { library, zitadel })]
  const processes = Object.fromEntries(await Promise.all(libraries.map(start)))
  // Every token is another: whoever asks once for all requests with one token must not win by that here.
  const measure = async ({ ask }) =>
    ask({ question: 'introspect', tokens: await zitadel.issueTokens('opaque', questions), concurrency })
  await measureInRounds(warmUpRounds, processes, measure)
  const results = await measureInRounds(rounds, processes, measure)
  for (const { stop } of Object.values(processes)) stop()
  zitadel.stop()
  return toFigures(results)
}

function toFigures(results) {
  const figures = {}
  const pick = (library, measure) => results[library].map((round) => round[measure])
  for (const library of libraries) {
    figures[`introspection.${library}.throughput`] = toFigure('req/s', pick(library, 'throughput'))
    figures[`introspection.${library}.cpu`] = toFigure('µs', pick(library, 'cpu'))
    if (library === 'openid-client') continue
    for (const measure of ['throughput', 'cpu']) {
      const ratio = toRatio(pick(library, measure), pick('openid-client', measure))
      figures[`introspection.${library}.${measure}-ratio`] = ratio
    }
  }
  return figures
}
