// npm test: installs, builds, and runs every check. The last line counts them: one for each test, and one each for lint,
// types and the mutants of the guards.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { clearFigures, readAllFigures } from './figures.mjs'
import { hasRedisServer } from './redis-server.mjs'
import { build, install, root, runScript, runTool, stateFolder } from './workspace.mjs'

// What the checks write for a moment stays in the checkout too.
process.env.TMPDIR = join(root, '.tmp')
mkdirSync(process.env.TMPDIR, { recursive: true })

await install()
await build()

const results = join(stateFolder, 'vitest.json')
rmSync(results, { force: true })
clearFigures()

const checks = {
  lint: () => runTool('biome', ['ci', '--colors=off', '.']),
  types: () => runScript('check-types.mjs', []),
  tests: () => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
    return runTool('vitest', ['run', ...reporters])
  },
  mutants: () => runScript('test-mutation.mjs', ['--fast']),
}

const failed = Object.entries(checks).flatMap(([name, check]) => {
  console.log(`\n== ${name}`)
  return check() ? [] : [name]
})

console.log(`\n${readAllFigures().join('\n')}`)

const counts = countTests()
const others = Object.keys(checks).filter((name) => name !== 'tests')
const failedOthers = others.filter((name) => failed.includes(name)).length
// A run that broke before or beside a test, such as an unhandled rejection, has failed even if no test has.
const failedTests = failed.includes('tests') ? Math.max(1, counts.failed) : counts.failed
if (!hasRedisServer()) {
  console.log(
    '\nnot run: the tests of the store. Put redis-server on the PATH (apt-get install redis-server), and run vitest run --project store',
  )
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`)
console.log(`\n${counts.passed + others.length - failedOthers} passed, ${failedTests + failedOthers} failed`)
process.exitCode = failed.length === 0 ? 0 : 1

function countTests() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
