// npm run bench: measures the built packages beside their peers, prints every figure, and checks the targets.
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hasRedisServer } from '../scripts/redis-server.mjs'
import { build, install } from '../scripts/workspace.mjs'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    tiny: { type: 'boolean' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    repeats: { type: 'string' },
    seed: { type: 'string' },
    client: { type: 'string' },
  },
})
if (flags.write && (flags.tiny || flags.only)) {
  console.error('--write wants every figure, measured: leave --tiny and --only out')
  process.exit(1)
}

if (flags.write && !hasRedisServer()) {
  console.error('--write wants every figure: put redis-server on the PATH')
  process.exit(1)
}

// A tiny run is a test's, and the tests have built already.
if (!flags.tiny) {
  await install()
  await build()
}

// Only now: a fresh clone has none of what these import.
const { findClient } = await import('./client/client.mjs')
const { findCores } = await import('./lib/cores.mjs')
const { runProcess } = await import('./lib/processes.mjs')
const { sizes } = await import('./lib/sizes.mjs')
const { describeMachine } = await import('./report/machine.mjs')
const { printFigures, printSetting, printTargets } = await import('./report/print.mjs')
const { judge } = await import('./report/targets.mjs')

const mode = chooseMode()
const size = mode === 'shortened' ? withRepeats(sizes.full, Number(flags.repeats)) : sizes[mode]
const chosen = Object.entries(size).filter(([group]) => flags.only?.includes(group) ?? true)
const groups = hasRedisServer() ? chosen : chosen.filter(([group]) => group !== 'store')
if (groups.length < chosen.length) console.log('store is left out: there is no redis-server on the PATH')
const machine = describeMachine()
const setting = {
  seed: flags.seed === undefined ? randomInt(2 ** 32) : Number(flags.seed),
  client: findClient(flags.client),
  cores: findCores(),
}
printSetting(setting)
const started = performance.now()
// One group at a time, so that none of them slows another; in a tiny run nobody looks at the speed.
const found = flags.tiny ? await Promise.all(groups.map(measure)) : await inTurn(groups, measure)
const figures = Object.assign({}, ...found)

const targets = judge(figures)
printTargets(targets)
const results = { version: 2, mode, machine, setting, sizes: size, figures, targets }
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(results, undefined, 2)}\n`)
if (flags.write) {
  const { writePages } = await import('./report/page.mjs')
  writePages(results)
}
console.log(`\n${Object.keys(figures).length} figures, ${toSeconds(started)}`)

function chooseMode() {
  if (flags.tiny) return 'tiny'
  if (flags.quick) return 'quick'
  return flags.repeats === undefined ? 'full' : 'shortened'
}

function withRepeats(groups, repeats) {
  return Object.fromEntries(
    Object.entries(groups).map(([group, given]) => [group, 'repeats' in given ? { ...given, repeats } : given]),
  )
}

async function measure([group, size]) {
  const groupStarted = performance.now()
  const figures = await runProcess('groups/run.mjs', { group, size, setting }, { core: setting.cores.client })
  printFigures(`${group}, ${toSeconds(groupStarted)}`, figures)
  return figures
}

async function inTurn(items, task) {
  const results = []
  for (const item of items) results.push(await task(item))
  return results
}

function toSeconds(since) {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`
}
