// What an application pays before its first request: imports, and a start of its whole process.
import { get } from 'node:http'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { libraries } from '../lib/libraries.mjs'
import { runProcess, startProcess } from '../lib/processes.mjs'
import { sample } from '../lib/sample.mjs'
import { startZitadel } from '../lib/zitadel.mjs'
import { variants } from '../servers/variants.mjs'

export async function measureGroup({ repeats }, setting) {
  return { ...(await measureImports(repeats, setting)), ...(await measureFirstAnswers(repeats, setting)) }
}

async function measureImports(repeats, { seed, cores }) {
  const modules = Object.fromEntries(libraries.map((name) => [name, name]))
  const measure = (name) => runProcess('servers/import.mjs', name, { core: cores.server })
  const times = await sample({ repeats, seed }, modules, measure)
  const figures = {}
  for (const name of libraries) {
    figures[`import.${name}.time`] = toFigure('ms', times[name])
    if (name === 'jose') continue
    figures[`import.${name}.jose-ratio`] = toRatio(figures[`import.${name}.time`], figures['import.jose.time'])
  }
  return figures
}

/** From the start of the process to the first answer of its route, the requests to ZITADEL included. */
async function measureFirstAnswers(repeats, setting) {
  const { seed, cores } = setting
  const zitadel = await startZitadel(setting)
  const servers = findServers()
  const times = await sample({ repeats, seed }, servers, async ({ framework, protection, token }) => {
    const [value] = await zitadel.issueTokens(token, 1)
    const started = performance.now()
    const argument = { framework, protection, zitadel }
    const { ready: url, stop } = await startProcess('servers/serve.mjs', argument, { core: cores.server })
    await requireOk(url, value)
    const elapsed = performance.now() - started
    await stop()
    return elapsed
  })
  await zitadel.stop()
  const figures = {}
  for (const name of Object.keys(servers)) figures[`cold-start.${name}.time`] = toFigure('ms', times[name])
  for (const [name, { framework, protection }] of Object.entries(servers)) {
    if (protection === 'bare') continue
    const bare = figures[`cold-start.${framework}.bare.time`]
    figures[`cold-start.${name}.bare-ratio`] = toRatio(figures[`cold-start.${name}.time`], bare)
  }
  return figures
}

/** One for each way of protecting; how long its one token is does not matter here. */
function findServers() {
  const starting = Object.values(variants).filter(
    ({ name, protection }) => !['bare-jwt', 'cache-off'].includes(name) && protection !== 'minimal-gate',
  )
  return Object.fromEntries(starting.map((variant) => [`${variant.framework}.${variant.protection}`, variant]))
}

function requireOk(url, token) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume()
      if (response.statusCode === 200) response.on('end', resolve)
      else reject(new Error(`${url} answered with status ${response.statusCode}`))
    }).on('error', reject)
  })
}
