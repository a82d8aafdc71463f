// What an application pays before its first request: imports, and a start of its whole process.
import { get } from 'node:http'
import { toFigure, toRatio } from '../lib/figures.mjs'
import { libraries } from '../lib/libraries.mjs'
import { runProcess, startProcess } from '../lib/processes.mjs'
import { measureInRounds } from '../lib/rounds.mjs'
import { startZitadel } from '../lib/zitadel.mjs'
import { toTokenType, variants } from '../servers/variants.mjs'

export async function measureGroup({ rounds }) {
  return { ...(await measureImports(rounds)), ...(await measureColdStarts(rounds)) }
}

async function measureImports(rounds) {
  const modules = Object.fromEntries(libraries.map((name) => [name, name]))
  const measure = (name) => runProcess('servers/import.mjs', name)
  const times = await measureInRounds(rounds, modules, measure)
  const figures = {}
  for (const name of libraries) {
    figures[`import.${name}.time`] = toFigure('ms', times[name])
    if (name !== 'jose') figures[`import.${name}.jose-ratio`] = toRatio(times[name], times.jose)
  }
  return figures
}

/** From the start of the process to the first answer of its route, the questions to ZITADEL included. */
async function measureColdStarts(rounds) {
  const zitadel = await startZitadel()
  const servers = Object.fromEntries(
    Object.entries(variants).flatMap(([framework, names]) =>
      ['bare', ...names.filter((name) => name !== 'cache-off')].map((variant) => [
        `${framework}.${variant}`,
        { framework, variant },
      ]),
    ),
  )
  const measure = async ({ framework, variant }) => {
    const [token] = await zitadel.issueTokens(toTokenType(variant), 1)
    const started = performance.now()
    const { ready: url, stop } = await startProcess('servers/serve.mjs', { framework, variant, zitadel })
    await requireOk(url, token)
    stop()
    return performance.now() - started
  }
  const times = await measureInRounds(rounds, servers, measure)
  zitadel.stop()
  const figures = {}
  for (const [name, { framework, variant }] of Object.entries(servers)) {
    figures[`cold-start.${name}.time`] = toFigure('ms', times[name])
    if (variant !== 'bare') figures[`cold-start.${name}.bare-ratio`] = toRatio(times[name], times[`${framework}.bare`])
  }
  return figures
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
