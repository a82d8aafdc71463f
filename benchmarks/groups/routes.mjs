// What protection costs a route: throughput, p99 and CPU of the protected route beside the bare one.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { load } from '../lib/load.mjs'
import { startProcess } from '../lib/processes.mjs'
import { startZitadel } from '../lib/zitadel.mjs'
import { toTokenType, variants } from '../servers/variants.mjs'

export async function measureGroup(size) {
  const zitadel = await startZitadel()
  const tokens = {
    opaque: await zitadel.issueTokens('opaque', size.connections),
    jwt: await zitadel.issueTokens('jwt', size.connections),
  }
  const figures = {}
  for (const framework of Object.keys(variants)) {
    Object.assign(figures, await measureFramework(framework, zitadel, { ...size, tokens }))
  }
  zitadel.stop()
  return figures
}

async function measureFramework(framework, zitadel, size) {
  const names = variants[framework]
  const start = async (variant) => [variant, await startProcess('servers/serve.mjs', { framework, variant, zitadel })]
  const servers = new Map(await Promise.all(['bare', ...names].map(start)))
  for (const [variant, server] of servers) await warmUp(server, variant, size)

  const rounds = Object.fromEntries(names.map((variant) => [variant, []]))
  for (let round = 0; round < size.rounds; round += 1) {
    for (const variant of names) rounds[variant].push(await measurePair(servers, variant, size))
  }
  for (const { stop } of servers.values()) stop()
  return toFigures(framework, rounds)
}

/** What a server compiles in its first thousands of requests is the start of a process, not the cost of a request. */
function warmUp(server, variant, { tokens, warmUpSeconds, ...size }) {
  return measureServer(server, { ...size, seconds: warmUpSeconds, tokens: tokens[toTokenType(variant)] })
}

/** The bare route and a protected one, one right after the other, with the same requests: bare does not mean without a token. */
async function measurePair(servers, variant, { tokens, ...size }) {
  const options = { ...size, tokens: tokens[toTokenType(variant)] }
  return {
    bare: await measureServer(servers.get('bare'), options),
    guarded: await measureServer(servers.get(variant), options),
  }
}

async function measureServer({ ready: url, ask }, options) {
  const before = await ask({ question: 'cpu' })
  const { requests, throughput, p99 } = await load(url, options)
  return { throughput, p99, cpu: ((await ask({ question: 'cpu' })) - before) / requests }
}

const units = { throughput: 'req/s', p99: 'ms', cpu: 'µs' }

function toFigures(framework, rounds) {
  const pairs = Object.values(rounds).flat()
  const figures = {}
  for (const [measure, unit] of Object.entries(units)) {
    figures[`routes.${framework}.bare.${measure}`] = toFigure(
      unit,
      pairs.map(({ bare }) => bare[measure]),
    )
    for (const [variant, results] of Object.entries(rounds)) {
      const bare = results.map((pair) => pair.bare[measure])
      const guarded = results.map((pair) => pair.guarded[measure])
      figures[`routes.${framework}.${variant}.${measure}`] = toFigure(unit, guarded)
      figures[`routes.${framework}.${variant}.${measure}-ratio`] = toRatio(guarded, bare)
    }
  }
  return figures
}
