// What a store that processes share spares ZITADEL, what a look into it costs, and what one costs that is gone.
import { toFigure, toRatio } from '../lib/figures.mjs'
import { startProcess } from '../lib/processes.mjs'
import { startRedis } from '../lib/redis.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'

const processes = 4
const perToken = 10

/** After so many failures a request does without the store. */
const failures = 20

export async function measureGroup({ repeats, scale, tokens, warmUpTokens }, setting) {
  const { seed, cores } = setting
  const zitadel = await startZitadel(setting)
  const start = (port) => startProcess('servers/store-process.mjs', { ...zitadel, port }, { core: cores.server })
  const issue = (count) => zitadel.issueTokens('opaque', count)
  const measure = { zitadel, start, issue, count: 1_000 * scale, tokens, warmUpTokens }
  const variants = {
    shared: countShared,
    alone: countAlone,
    found: measureFound,
    asked: measureAsked,
    dead: measureDead,
  }
  const results = await sample({ repeats, seed }, variants, (variant) => variant(measure))
  await zitadel.stop()
  return toFigures(results, scale)
}

async function withRedis(work) {
  const redis = await startRedis()
  try {
    return await work(redis)
  } finally {
    await redis.stop()
  }
}

const countShared = (measure) => withRedis(({ port }) => countQuestions(measure, port))
const countAlone = (measure) => countQuestions(measure)

/** Every token so many times, each time to the next process; none of them waits for another. */
async function countQuestions({ zitadel, start, issue, count }, port) {
  const tokens = await issue(count)
  const all = await Promise.all(Array.from({ length: processes }, () => start(port)))
  await zitadel.takeIntrospections()
  const rounds = Array.from({ length: perToken }, (_, round) => round)
  const asked = all.map(({ ask }, index) => {
    const own = rounds.flatMap((round) => tokens.filter((_, token) => (token + round) % processes === index))
    return ask({ question: 'request', tokens: own, concurrency: 20 })
  })
  await Promise.all(asked)
  await Promise.all(all.map(({ stop }) => stop()))
  return zitadel.takeIntrospections()
}

/** What a token costs that another process has asked about. */
function measureFound({ start, issue, tokens: count, warmUpTokens }) {
  return withRedis(async ({ port }) => {
    const [writer, reader] = [await start(port), await start(port)]
    const [warmUp, tokens] = [await issue(warmUpTokens), await issue(count)]
    for (const own of [warmUp, tokens]) await writer.ask({ question: 'request', tokens: own, concurrency: 20 })
    await reader.ask({ question: 'request', tokens: warmUp, concurrency: 20 })
    const cpu = await reader.ask({ question: 'request', tokens, concurrency: 20 })
    await Promise.all([writer.stop(), reader.stop()])
    return cpu
  })
}

/** What it costs to ask ZITADEL, without a store. */
function measureAsked({ start, issue, tokens, warmUpTokens }) {
  return measureQuestions(start(), issue, { tokens, warmUpTokens })
}

/** What it costs to ask ZITADEL, with a store that is gone. */
function measureDead({ start, issue, tokens, warmUpTokens }) {
  return withRedis(async ({ port, stop }) => {
    const started = await start(port)
    await stop()
    await started.ask({ question: 'request', tokens: await issue(failures), concurrency: failures })
    return measureQuestions(started, issue, { tokens, warmUpTokens })
  })
}

async function measureQuestions(starting, issue, { tokens, warmUpTokens }) {
  const { ask, stop } = await starting
  await ask({ question: 'request', tokens: await issue(warmUpTokens), concurrency: 20 })
  const cpu = await ask({ question: 'request', tokens: await issue(tokens), concurrency: 20 })
  await stop()
  return cpu
}

function toFigures({ shared, alone, found, asked, dead }, scale) {
  const cpu = toFigure('µs', asked)
  return {
    'store.requests.with-store.upstream-calls': { ...toFigure('requests', shared), scale },
    'store.requests.without-store.upstream-calls': { ...toFigure('requests', alone), scale },
    'store.token.asked.cpu': cpu,
    'store.token.found.cpu': toFigure('µs', found),
    'store.token.found.cpu-ratio': toRatio(toFigure('µs', found), cpu),
    'store.token.dead.cpu': toFigure('µs', dead),
    'store.token.dead.cpu-ratio': toRatio(toFigure('µs', dead), cpu),
  }
}
