// What protection costs a route: the CPU of a request and the throughput, beside the bare route and the minimal gate.
import { load } from '../client/client.mjs'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { startProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'
import { variants } from '../servers/variants.mjs'

export async function measureGroup({ repeats, ...size }, setting) {
  const zitadel = await startZitadel(setting)
  const tokens = {
    opaque: await zitadel.issueTokens('opaque', size.connections),
    jwt: await zitadel.issueTokens('jwt', size.connections),
  }
  const results = await sample({ repeats, seed: setting.seed }, variants, (variant) =>
    measureServer(variant, { zitadel, ...size, tokens: tokens[variant.token] }, setting),
  )
  await zitadel.stop()
  return toFigures(results)
}

/** A server of its own for each measurement: what Node.js makes of the same code differs from one process to the next. */
async function measureServer({ framework, protection }, { zitadel, warmUp, ...size }, { client, cores }) {
  const argument = { framework, protection, zitadel }
  const { ready: url, ask, stop } = await startProcess('servers/serve.mjs', argument, { core: cores.server })
  const loadFor = (seconds) => load(client, url, { ...size, core: cores.client, seconds })
  await warmServerUp(loadFor, warmUp)
  const measured = await measureWindow(ask, loadFor, size)
  await stop()
  return measured
}

/** What is compiled in the first thousands of requests is the start of a process, not the cost of a request. */
async function warmServerUp(loadFor, { seconds, requests: wanted, atMost }) {
  let answered = 0
  for (let time = 0; time < atMost && answered < wanted; time += 1) answered += (await loadFor(seconds)).requests
}

/** The server's CPU from before the first request to after the last answer, over the requests that were answered. */
async function measureWindow(ask, loadFor, { seconds: window, connections }) {
  const before = await ask({ question: 'cpuUsage' })
  const { requests, seconds, p99 } = await loadFor(window)
  const after = await ask({ question: 'cpuUsage' })
  // A time in which not even every connection had its answer says nothing.
  if (requests < connections) return measureWindow(ask, loadFor, { seconds: window * 2, connections })
  const [user, system] = [after.user - before.user, after.system - before.system]
  return {
    'user-cpu': user / requests,
    'system-cpu': system / requests,
    throughput: requests / seconds,
    p99,
    busy: (user + system) / seconds / 10_000,
  }
}

const units = { 'user-cpu': 'µs', 'system-cpu': 'µs', throughput: 'req/s', p99: 'ms', busy: '%' }

function toFigures(results) {
  const figures = {}
  for (const [name, measured] of Object.entries(results)) {
    for (const [measure, unit] of Object.entries(units)) {
      figures[`routes.${name}.${measure}`] = toFigure(
        unit,
        measured.map((round) => round[measure]),
      )
    }
  }
  return { ...figures, ...toRatios(figures) }
}

/** Each over the bare route, and over the minimal gate, with the same tokens. */
function toRatios(figures) {
  const ratios = {}
  for (const [key, { framework, name, token }] of Object.entries(variants)) {
    for (const baseline of ['bare', 'gate']) {
      if (name.startsWith('bare-') || name === `${baseline}-${token}`) continue
      for (const measure of ['user-cpu', 'throughput']) {
        ratios[`routes.${key}.${measure}-${baseline}-ratio`] = toRatio(
          figures[`routes.${key}.${measure}`],
          figures[`routes.${framework}.${baseline}-${token}.${measure}`],
        )
      }
    }
  }
  return ratios
}
