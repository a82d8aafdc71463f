// npm run test:faults, test:fuzz, test:load, test:soak: the long runs of what `npm test` does in short. The last line has the figures.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readFigures } from './figures.mjs'
import { install, runTool, stateFolder } from './workspace.mjs'

const runs = {
  faults: { tests: ['resilience/test/faults', 'resilience/test/bulk'] },
  fuzz: {
    tests: ['resilience/test/fuzz', 'packages/core/test/jose-verdict'],
    env: { FUZZ_CASES: '1000000', PROPERTY_RUNS: '50000' },
  },
  load: { tests: ['resilience/test/load'], env: { LOAD_ANSWERS: '10000' } },
  soak: { tests: ['resilience/test/soak'], env: { SOAK_TOKENS: '1000000' } },
}

const [name, ...more] = process.argv.slice(2)
const { tests, env = {} } = runs[name]

await install()
const results = join(stateFolder, `${name}.json`)
rmSync(results, { force: true })
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
// What is set already counts: FUZZ_CASES=10000000 npm run test:fuzz
const hasPassed = runTool('vitest', ['run', ...reporters, ...tests, ...more], { ...env, ...pick(Object.keys(env)) })
console.log(`\n${name}: ${readFigures(name) ?? 'no figures'}, ${countFailures()} failures`)
process.exitCode = hasPassed ? 0 : 1

function pick(names) {
  return Object.fromEntries(names.flatMap((each) => (each in process.env ? [[each, process.env[each]]] : [])))
}

/** A run that broke beside a test, such as by an unhandled rejection, has failed too. */
function countFailures() {
  try {
    const { numFailedTests } = JSON.parse(readFileSync(results, 'utf8'))
    return hasPassed ? numFailedTests : Math.max(1, numFailedTests)
  } catch {
    return 1
  }
}
