// npm run bench: measures the built packages beside their peers, prints every figure, and checks the targets.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { build, install } from '../scripts/workspace.mjs'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    tiny: { type: 'boolean' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    only: { type: 'string', multiple: true },
  },
})
if (flags.write && (flags.quick || flags.tiny || flags.only)) {
  console.error('--write wants a full run: leave --quick, --tiny and --only out')
  process.exit(1)
}

// A tiny run is a test's, and the tests have built already.
if (!flags.tiny) {
  install()
  build()
}

// Only now: a fresh clone has none of what these import.
const { runProcess } = await import('./lib/processes.mjs')
const { sizes } = await import('./lib/sizes.mjs')
const { describeMachine } = await import('./report/machine.mjs')
const { printFigures, printTargets } = await import('./report/print.mjs')
const { judge } = await import('./report/targets.mjs')

const mode = flags.tiny ? 'tiny' : flags.quick ? 'quick' : 'full'
const started = performance.now()
const figures = {}
for (const [group, size] of Object.entries(sizes[mode])) {
  if (flags.only !== undefined && !flags.only.includes(group)) continue
  const groupStarted = performance.now()
  const found = await runProcess('groups/run.mjs', { group, size })
  printFigures(`${group}, ${toSeconds(groupStarted)}`, found)
  Object.assign(figures, found)
}

const targets = judge(figures)
printTargets(targets)
const results = { version: 1, mode, machine: describeMachine(), sizes: sizes[mode], figures, targets }
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(results, undefined, 2)}\n`)
if (flags.write) {
  const { writePage } = await import('./report/page.mjs')
  writePage(results)
}
console.log(`\n${Object.keys(figures).length} figures, ${toSeconds(started)}`)

function toSeconds(since) {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`
}
